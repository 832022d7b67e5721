"""The adapter against what other stores answer: the real store behind a proxy that twists its answers."""

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from core.kit.errors import Permanent, StoreUnavailable
from core.ports import UploadLost
from core.uploads.part_plan import MIB, UploadPlan
from scripts.embedded.store import Store
from tests.support.stored import reaching
from tests.support.twisting_store import Ahead, Answer, Behind, BrokenOff, Request, TwistingStore, refusal
from workers import multipart_completion, part_sending
from workers.part_answers import plain_etag
from workers.store import S3Store

PART = 5 * MIB
DATA = os.urandom(PART + 1000)
PLAN = UploadPlan(len(DATA), PART)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (part_sending, multipart_completion):
        monkeypatch.setattr(module, "PAUSES", (0.0, 0.0))


@contextmanager
def twisted(
    store: Store, *, ahead: Ahead | None = None, behind: Behind | None = None
) -> Iterator[tuple[S3Store, TwistingStore]]:
    with TwistingStore(store.port, ahead=ahead, behind=behind) as proxy:
        yield S3Store(replace(reaching(store), s3_endpoint=proxy.url)), proxy


def key() -> str:
    return f"uploads/1/{uuid4()}/file.bin"


def completes(request: Request) -> bool:
    return request.method == "POST" and "uploadId=" in request.path


def puts_part(request: Request) -> bool:
    return request.method == "PUT" and "partNumber=" in request.path


def error_inside(code: str) -> Answer:
    return replace(refusal(200, code), body=b"  " + refusal(200, code).body)


@pytest.mark.parametrize("times", [1, 2])
def test_an_error_inside_a_success_is_asked_again(store: Store, times: int) -> None:
    left = [error_inside("InternalError")] * times
    name = key()
    with twisted(store, ahead=lambda request: left.pop() if completes(request) and left else None) as (s3, _):
        s3.upload(name, io.BytesIO(DATA), len(DATA), "text/plain")

        assert b"".join(s3.chunks(name)) == DATA


def test_an_error_inside_a_success_that_lasts_is_an_error_and_the_parts_stay(store: Store) -> None:
    broken, name = [True], key()

    def ahead(request: Request) -> Answer | None:
        return error_inside("InternalError") if completes(request) and broken else None

    with twisted(store, ahead=ahead) as (s3, _):
        upload_id = s3.multipart.begin(name, "text/plain")
        etag = s3.multipart.put_bytes(name, upload_id, 1, DATA)
        with pytest.raises(StoreUnavailable, match="InternalError"):
            s3.multipart.complete(name, upload_id, [etag])
        broken.clear()
        s3.multipart.complete(name, upload_id, [etag])

        assert b"".join(s3.chunks(name)) == DATA


def test_a_store_that_completed_and_said_otherwise_is_believed_by_what_it_shows(store: Store) -> None:
    name = key()
    said: list[Request] = []

    def behind(request: Request, answer: Answer) -> Answer:
        if completes(request) and not said:
            said.append(request)
            return error_inside("InternalError")
        if completes(request):
            return refusal(404, "NoSuchUpload")
        return answer

    with twisted(store, behind=behind) as (s3, _):
        s3.upload(name, io.BytesIO(DATA), len(DATA), "text/plain")

        assert b"".join(s3.chunks(name)) == DATA


def test_what_is_no_answer_of_s3_completes_nothing(store: Store) -> None:
    page = Answer(200, {"Content-Type": "text/html"}, b"<html><body>It works!</body>")
    with (
        twisted(store, ahead=lambda request: page if completes(request) else None) as (s3, _),
        pytest.raises(StoreUnavailable),
    ):
        s3.upload(key(), io.BytesIO(DATA), len(DATA), "text/plain")


def test_a_key_that_may_not_list_finds_nothing_where_nothing_is(store: Store) -> None:
    def behind(request: Request, answer: Answer) -> Answer:
        if answer.status == 404 and "uploadId" not in request.path:
            return refusal(403, "AccessDenied") if request.method != "HEAD" else Answer(403)
        return answer

    with twisted(store, behind=behind) as (s3, _):
        assert s3.head(key()) is None
        with pytest.raises(Permanent, match="no object"):
            s3.read(key(), limit=10)


def test_a_key_that_may_do_nothing_is_refused_and_no_file_taken_for_gone(store: Store) -> None:
    with (
        twisted(store, ahead=lambda request: Answer(403)) as (s3, _),
        pytest.raises(StoreUnavailable, match="AccessDenied"),
    ):
        s3.head(key())


def test_weak_etags_are_the_same_etags(store: Store) -> None:
    def behind(_request: Request, answer: Answer) -> Answer:
        headers = {
            name: f"W/{value}" if name.lower() == "etag" else value for name, value in answer.headers.items()
        }
        return replace(answer, headers=headers)

    name = key()
    with twisted(store, behind=behind) as (s3, proxy):
        upload_id = s3.multipart.begin(name, "text/plain")
        s3.multipart.put_bytes(name, upload_id, 1, DATA[:PART])
        s3.multipart.send(name, upload_id, io.BytesIO(DATA), PLAN)

        head = s3.head(name)
        assert head is not None
        assert not head.etag.startswith(("W/", '"'))
        assert sum(map(puts_part, proxy.requests)) == 2, "the first part was there"
    assert plain_etag('W/"abc"') == plain_etag('"abc"') == plain_etag("abc") == "abc"


def _with_other_etags(_request: Request, answer: Answer) -> Answer:
    """As where parts are encrypted: an ETag says nothing about the bytes."""
    headers = {
        name: re.sub(r"([0-9a-f]{32})", r"enc-\1", value) if name.lower() == "etag" else value
        for name, value in answer.headers.items()
    }
    body = answer.body
    if b"<ListPartsResult" in body:
        body = re.sub(rb"([0-9a-f]{32})(&#34;|&quot;|\")?</ETag>", rb"enc-\1\2</ETag>", body)
    return Answer(answer.status, headers, body)


@pytest.mark.parametrize("same", [True, False])
def test_etags_that_are_no_md5_go_on_and_are_proved_at_the_end(store: Store, same: bool) -> None:
    name = key()

    def ahead(request: Request) -> Answer | None:
        if not completes(request):
            return None
        etags = re.findall(r"enc-([0-9a-f]{32})", request.body.decode())  # the body is signed: not passed on
        S3Store(reaching(store)).multipart.complete(name, upload_id, etags)
        return Answer(200, body=b"<CompleteMultipartUploadResult/>")

    with twisted(store, ahead=ahead, behind=_with_other_etags) as (s3, proxy):
        upload_id = s3.multipart.begin(name, "text/plain")
        s3.multipart.put_bytes(name, upload_id, 1, DATA[:PART] if same else os.urandom(PART))
        if same:
            s3.multipart.send(name, upload_id, io.BytesIO(DATA), PLAN)
            assert b"".join(s3.chunks(name)) == DATA
        else:
            with pytest.raises(UploadLost, match="other bytes"):
                s3.multipart.send(name, upload_id, io.BytesIO(DATA), PLAN)
        assert sum(map(puts_part, proxy.requests)) == 2, "the first part was taken for what it is"


@pytest.mark.parametrize("code", ["RequestTimeout", "SlowDown", "InternalError"])
def test_a_part_that_the_store_could_not_take_now_is_sent_again(store: Store, code: str) -> None:
    left = [refusal(400, code)] * 2
    name = key()
    with twisted(store, ahead=lambda request: left.pop() if puts_part(request) and left else None) as (s3, _):
        s3.upload(name, io.BytesIO(DATA), len(DATA), "text/plain")

        assert b"".join(s3.chunks(name)) == DATA


@pytest.mark.parametrize("answer", [None, Answer(502), refusal(500, "InternalError")])
@pytest.mark.parametrize("times", [1, 2])
def test_a_part_that_the_store_has_is_not_sent_again_where_its_answer_was_lost(
    store: Store, answer: Answer | None, times: int
) -> None:
    left, name, progress = [answer] * times, key(), list[int]()

    def behind(request: Request, given: Answer) -> Answer:
        if not puts_part(request) or not left:
            return given
        lost = left.pop()
        if lost is None:
            raise BrokenOff
        return lost

    with twisted(store, behind=behind) as (s3, proxy):
        upload_id = s3.multipart.begin(name, "text/plain")
        s3.multipart.put_bytes(name, upload_id, 1, DATA[:PART])
        s3.multipart.send(name, upload_id, io.BytesIO(DATA), PLAN, progress.append)

        assert not left
        assert sum(map(puts_part, proxy.requests)) == PLAN.count
        assert sum(progress) == len(DATA)
        assert b"".join(s3.chunks(name)) == DATA


def test_other_bytes_under_the_number_of_a_part_are_replaced_where_the_answer_was_lost(store: Store) -> None:
    name, left = key(), [True]

    def ahead(request: Request) -> Answer | None:
        if puts_part(request) and left and len(request.body) == PART:
            left.pop()
            raise BrokenOff  # before the store has it
        return None

    with twisted(store, ahead=ahead) as (s3, proxy):
        upload_id = s3.multipart.begin(name, "text/plain")
        S3Store(reaching(store)).multipart.put_bytes(name, upload_id, 1, os.urandom(PART))
        s3.multipart.send(name, upload_id, io.BytesIO(DATA), PLAN)

        assert sum(map(puts_part, proxy.requests)) == 3
        assert b"".join(s3.chunks(name)) == DATA


def test_a_part_that_never_gets_an_answer_and_is_not_there_is_an_error(store: Store) -> None:
    def ahead(request: Request) -> Answer | None:
        if puts_part(request):
            raise BrokenOff
        return None

    with twisted(store, ahead=ahead) as (s3, proxy):
        with pytest.raises(StoreUnavailable, match="did not answer when asked to take part 1"):
            s3.upload(key(), io.BytesIO(b"x"), 1, "text/plain")
        assert sum(map(puts_part, proxy.requests)) == 3


def test_a_part_that_is_refused_is_not_sent_again(store: Store) -> None:
    with twisted(store, ahead=lambda request: refusal(400, "BadDigest") if puts_part(request) else None) as (
        s3,
        proxy,
    ):
        with pytest.raises(StoreUnavailable, match="BadDigest"):
            s3.upload(key(), io.BytesIO(b"x"), 1, "text/plain")
        assert sum(map(puts_part, proxy.requests)) == 1


def test_a_list_of_parts_that_never_ends_is_an_error(store: Store) -> None:
    def behind(request: Request, answer: Answer) -> Answer:
        body = re.sub(rb"<IsTruncated>false", b"<IsTruncated>true", answer.body)
        return replace(answer, body=body) if "uploadId=" in request.path else answer

    name = key()
    with twisted(store, behind=behind) as (s3, _):
        upload_id = s3.multipart.begin(name, "text/plain")
        s3.multipart.put_bytes(name, upload_id, 1, b"x")
        with pytest.raises(StoreUnavailable, match="again"):
            s3.multipart.list_parts(name, upload_id)
        s3.multipart.abort(name, upload_id)
