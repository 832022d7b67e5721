"""The store adapter against a real S3 server (A2, A38, A64, A68, A71)."""

import io
import os
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import urllib3

from core.kit.errors import Permanent, SettingError, StoreUnavailable
from core.ports import UploadLost
from core.process.settings import Settings
from core.uploads.part_plan import MIB, UploadPlan
from scripts.embedded.ports import free_port
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from tests.support.rclone_store import RcloneStore
from tests.support.stored import StoredFile, reaching
from workers.multipart import SENDERS, SourceChanged
from workers.store import S3Store

PART = 5 * MIB


def key() -> str:
    return f"uploads/1/{uuid4()}/file.bin"


def get(url: str, **headers: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", url, headers=headers, retries=False)


def put(s3: S3Store, data: bytes, name: str = "") -> str:
    name = name or key()
    s3.upload(name, io.BytesIO(data), len(data), "text/plain")
    return name


class Counted(io.BytesIO):
    """A file that may vanish in the middle, as when a laptop is closed."""

    def __init__(self, data: bytes, fail_at: int | None = None) -> None:
        super().__init__(data)
        self.fail_at = fail_at

    def read(self, amount: int | None = -1, /) -> bytes:
        if self.fail_at is not None and self.tell() >= self.fail_at:
            raise OSError("gone")
        return super().read(amount)


def test_a_store_says_whether_it_takes_objects_and_keeps_none(s3: S3Store, store: Store) -> None:
    assert s3.takes_objects()
    assert [stored.key for stored in s3.names("door")] == []
    shut = replace(reaching(store), s3_access_key="stranger")
    assert not S3Store(shut).takes_objects()
    away = replace(reaching(store), s3_endpoint=f"http://127.0.0.1:{free_port()}")
    assert not S3Store(away).takes_objects()


def test_what_is_uploaded_is_what_is_read(s3: S3Store) -> None:
    data = os.urandom(300_000)

    name = put(s3, data)

    assert s3.read(name, limit=300_000) == data
    assert b"".join(s3.chunks(name, 70_000)) == data


def test_the_size_is_known_without_a_download(s3: S3Store, large: StoredFile) -> None:
    head = s3.head(large.key)

    assert head is not None
    assert head.size == large.size


def test_an_object_that_does_not_exist_is_none(s3: S3Store) -> None:
    assert s3.head(key()) is None


def test_reading_what_does_not_exist_is_permanent(s3: S3Store) -> None:
    with pytest.raises(Permanent, match="no object"):
        s3.read(key(), limit=10)
    with pytest.raises(Permanent, match="no object"):
        next(s3.chunks(key()))


def test_reading_refuses_what_is_larger_than_allowed(s3: S3Store) -> None:
    name = put(s3, b"12345")

    with pytest.raises(Permanent, match="5 bytes, more than the 4"):
        s3.read(name, limit=4)


def test_removing_twice_is_done_twice(s3: S3Store) -> None:
    name = put(s3, b"x")

    s3.delete(name)
    s3.delete(name)

    assert s3.head(name) is None


def test_a_signed_address_serves_the_file_under_its_name(s3: S3Store) -> None:
    name = put(s3, b"bytes of a film")

    url = s3.sign_download(name, file_name="été / 1.mp4", content_type="video/mp4", expires=300)
    answer = get(url)

    assert (answer.status, answer.data) == (200, b"bytes of a film")
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "%C3%A9t%C3%A9" in answer.headers["content-disposition"]


def test_a_signed_address_serves_ranges(s3: S3Store) -> None:
    url = s3.sign_download(put(s3, b"0123456789"), file_name="a", content_type="text/plain", expires=60)

    answer = get(url, Range="bytes=4-6")

    assert answer.data == b"456"
    assert answer.headers["content-range"] == "bytes 4-6/10"


@pytest.mark.parametrize("change", ["key", "expires", "name"])
def test_a_signed_address_cannot_be_changed(s3: S3Store, change: str) -> None:
    url = s3.sign_download(put(s3, b"mine"), file_name="mine", content_type="text/plain", expires=60)
    other = put(s3, b"theirs")
    path = urlsplit(url).path
    changed = {
        "key": url.replace(path, f"{path.split('/uploads')[0]}/{other}"),
        "expires": url.replace("Expires=60", "Expires=600"),
        "name": url.replace("mine", "yours"),
    }[change]
    assert changed != url

    assert get(changed).status == 403


def test_an_address_is_signed_for_where_browsers_reach_the_store(
    store_settings: Callable[..., Settings],
) -> None:
    s3 = S3Store(store_settings(s3_public_endpoint="https://files.example.com"))

    url = s3.sign_download("uploads/1/a", file_name="a", content_type="text/plain", expires=86_400)

    assert url.startswith("https://files.example.com/comptoir/uploads/1/a?")
    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["86400"]


def test_a_signature_lives_seven_days_at_most(s3: S3Store) -> None:
    url = s3.sign_download("a/b", file_name="a", content_type="text/plain", expires=30 * 86_400)

    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["604800"]


def test_a_store_that_is_away_is_said_to_be_away(store_settings: Callable[..., Settings]) -> None:
    settings = replace(store_settings(), s3_endpoint=f"http://127.0.0.1:{free_port()}")

    with pytest.raises(StoreUnavailable, match="S3_ENDPOINT") as caught:
        S3Store(settings).head("a/b")

    assert "X-Amz" not in str(caught.value)


def test_wrong_keys_are_named(store_settings: Callable[..., Settings]) -> None:
    keys = make_keys()
    s3 = S3Store(replace(store_settings(), s3_access_key=keys.access, s3_secret_key=keys.secret))

    with pytest.raises(StoreUnavailable, match="S3_ACCESS_KEY"):
        s3.read("a/b", limit=1)


@pytest.mark.parametrize("endpoint", ["s3.example.com", "ftp://s3.example.com", "https://host/bucket"])
def test_a_wrong_endpoint_names_the_setting(store_settings: Callable[..., Settings], endpoint: str) -> None:
    with pytest.raises(SettingError, match="S3_ENDPOINT"):
        S3Store(replace(store_settings(), s3_endpoint=endpoint))


def test_the_bucket_is_made_where_it_lacks(tmp_path: Path) -> None:
    with RcloneStore(tmp_path / "data", tmp_path / "log", make_keys()) as generous:
        s3 = S3Store(replace(reaching(generous), s3_bucket="another"))

        assert s3.ensure_bucket(("https://web.telegram.org",)) == ()
        assert s3.ensure_bucket(("https://web.telegram.org",)) == ()

        assert s3.head(put(s3, b"first")) is not None


def test_our_key_reaches_our_bucket_and_no_other(store_settings: Callable[..., Settings]) -> None:
    s3 = S3Store(replace(store_settings(), s3_bucket="another"))

    with pytest.raises(StoreUnavailable, match="AccessDenied"):
        s3.ensure_bucket()
    with pytest.raises(StoreUnavailable, match="AccessDenied"):
        put(s3, b"x")


def test_an_upload_of_many_parts_stays_small_in_memory(s3: S3Store, tmp_path: os.PathLike[str]) -> None:
    size = 64 * MIB
    path = os.path.join(tmp_path, "large")
    with open(path, "wb") as file:
        file.truncate(size)
    seen: list[int] = []
    name = key()

    tracemalloc.start()
    with open(path, "rb") as file:
        s3.upload(name, file, size, "video/mp4", seen.append)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    head = s3.head(name)
    assert head is not None
    assert head.size == sum(seen) == size
    assert peak < 4 * MIB


def test_an_upload_is_taken_up_where_it_broke_off(s3: S3Store) -> None:
    data = os.urandom(PART * 8 + 1000)
    plan = UploadPlan(len(data), PART)
    name = key()
    upload_id = s3.multipart.begin(name, "text/plain")
    broken = Counted(data, fail_at=PART * 7)
    with pytest.raises(OSError, match="gone"):
        s3.multipart.send(name, upload_id, broken, plan)
    stored = s3.multipart.list_parts(name, upload_id)
    requests: list[int] = []

    original = s3.multipart.put_part
    s3.multipart.put_part = lambda *arguments: requests.append(arguments[2].number) or original(*arguments)  # type: ignore[func-returns-value,method-assign]
    done = s3.multipart.send(name, upload_id, io.BytesIO(data), plan)

    assert len(stored) >= 7 - SENDERS
    assert sorted(requests) == sorted(set(range(1, 10)) - set(stored))
    assert b"".join(s3.chunks(name)) == data
    assert done.size == len(data)


def test_parts_of_another_file_are_never_mixed_in(s3: S3Store) -> None:
    first, second = os.urandom(PART), os.urandom(PART)
    plan = UploadPlan(2 * PART, PART)
    name = key()
    upload_id = s3.multipart.begin(name, "text/plain")
    url = s3.sign_part(name, upload_id, 1, length=PART, expires=60)
    assert urllib3.request("PUT", url, body=first).status == 200

    s3.multipart.send(name, upload_id, io.BytesIO(second + first), plan)

    assert b"".join(s3.chunks(name)) == second + first


def test_a_forgotten_upload_is_lost_and_can_be_dropped(s3: S3Store) -> None:
    name = key()
    upload_id = s3.multipart.begin(name, "text/plain")
    s3.multipart.abort(name, upload_id)
    s3.multipart.abort(name, upload_id)

    with pytest.raises(UploadLost, match="Start it again"):
        s3.multipart.send(name, upload_id, io.BytesIO(b"x"), UploadPlan(1, PART))


def test_a_file_that_shrinks_is_noticed(s3: S3Store) -> None:
    name = key()

    with pytest.raises(SourceChanged, match="shorter"):
        s3.upload(name, io.BytesIO(b"123"), 4, "text/plain")

    assert s3.head(name) is None


def test_the_settings_of_a_store_are_all_in_an_address(store_settings: Callable[..., Settings]) -> None:
    host = "s3.eu-central-003.backblazeb2.com"
    chosen = replace(
        store_settings(),
        s3_endpoint=f"https://{host}",
        s3_region="eu-central-003",
        s3_bucket="our-shop",
        s3_access_key="0031",
    )
    address = S3Store(chosen).sign_download("a/b", file_name="b", content_type="text/plain", expires=60)
    url = urlsplit(address)
    assert (url.scheme, url.netloc, url.path) == ("https", host, "/our-shop/a/b")
    key, _, region, *_ = parse_qs(url.query)["X-Amz-Credential"][0].split("/")
    assert (key, region) == ("0031", "eu-central-003")
