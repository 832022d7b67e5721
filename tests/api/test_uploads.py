"""An upload as the browser does it: over HTTP to us, and with bytes to the real S3 server only."""

import hashlib
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.monitoring.disk import Disk
from core.uploads.opening import MOST_UNFINISHED
from schemas.base import utc_now
from schemas.catalogue import Asset, Product
from schemas.people import User
from schemas.queue import Job
from schemas.uploads import Upload
from tests.api.seller import PDF, Seller
from tests.core.people.test_initdata import sign
from tests.support import make
from tests.support.questions import Answering
from tests.support.web import Client
from tests.support.worker import Worker

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def test_a_file_goes_from_the_browser_to_the_product(
    seller: Seller,
    worker: Worker,
    database: Database,
) -> None:
    upload = seller.send()
    worker.do_all("verify_upload")
    assert seller.look(upload)["state"] == "accepted"
    with Session(database.engine) as session:
        asset = session.exec(select(Asset)).one()
        assert (asset.name, asset.size, asset.content_type) == ("cours.pdf", len(PDF), "application/pdf")
        assert asset.sha256 == hashlib.sha256(PDF).hexdigest()
        assert "upload-accepted" in make.sent_texts(session)
    assert b"".join(worker.services.store.chunks(asset.key)) == PDF
    published = seller.call("POST", f"/api/products/{seller.product}/publish")
    assert published.json()["status"] == "published"


def test_an_upload_goes_on_where_it_stopped(seller: Seller, worker: Worker) -> None:
    upload = seller.open()
    first = seller.put(upload, PDF, [1])
    again = seller.call("POST", "/api/uploads", json=seller.body())
    assert (again.status_code, again.json()["id"]) == (200, upload["id"])
    (listed,) = seller.call("GET", "/api/uploads?open=1").json()
    assert listed["fingerprint"] == seller.body()["fingerprint"]
    (held,) = seller.look(upload)["parts_held"]
    assert (held["number"], held["size"], held["etag"]) == (
        1,
        upload["part_size"],
        first[0]["etag"].strip('"'),
    )
    second = seller.put(upload, PDF, [2])
    assert seller.complete(upload, first + second).status_code == 202
    worker.do_all("verify_upload")
    assert seller.look(upload)["state"] == "accepted"


def test_completing_without_all_parts_names_those_that_lack(seller: Seller) -> None:
    upload = seller.open()
    first = seller.put(upload, PDF, [1])
    answer = seller.complete(upload, [*first, {"number": 2, "etag": "0" * 32}])
    assert (answer.status_code, answer.json()["code"], answer.json()["missing"]) == (
        409,
        "parts-missing",
        [2],
    )


@pytest.mark.parametrize("length", [3 * 2**20, 1, 0])
def test_the_store_takes_a_part_of_its_own_length_alone(seller: Seller, worker: Worker, length: int) -> None:
    upload = seller.open()
    signed = seller.call("POST", f"/api/uploads/{upload['id']}/parts", json={"numbers": [1, 2]}).json()
    for number in ("1", "2"):
        wrong = httpx.put(signed["urls"][number], content=bytes(length))
        assert (wrong.status_code, "SignatureDoesNotMatch" in wrong.text) == (403, True)
    assert seller.look(upload)["parts_held"] == []
    assert seller.complete(upload, seller.put(upload, PDF, [1, 2])).status_code == 202
    worker.do_all("verify_upload")
    assert seller.look(upload)["state"] == "accepted"


def test_parts_that_the_store_does_not_hold_as_checked_are_asked_for_again(
    seller: Seller, worker: Worker, database: Database
) -> None:
    upload = seller.open()
    sent = seller.put(upload, PDF, [1, 2])
    assert seller.complete(upload, sent).status_code == 202
    with database.transaction() as session:
        row = session.get_one(Upload, upload["id"])
        row.etags = ["0" * 32, *(row.etags or [])[1:]]  # as if another part 1 had come after the check
        session.add(row)
    (refused,) = worker.do_all("verify_upload")
    assert (refused.state, seller.look(upload)["state"]) == ("done", "open")
    assert [part["number"] for part in seller.look(upload)["parts_held"]] == [1, 2]
    assert seller.complete(upload, sent).status_code == 202
    worker.do_all("verify_upload")
    assert seller.look(upload)["state"] == "accepted"


def test_completing_twice_is_completing_once(seller: Seller, worker: Worker, database: Database) -> None:
    upload = seller.send()
    assert seller.complete(upload, []).json() == {"state": "verifying"}
    worker.do_all("verify_upload")
    assert seller.complete(upload, []).json() == {"state": "accepted"}
    with Session(database.engine) as session:
        assert len(session.exec(select(Asset)).all()) == 1
        assert len(session.exec(select(Job).where(Job.actor == "verify_upload")).all()) == 1


@pytest.mark.parametrize(
    ("language", "name", "content", "words"),
    [
        ("en", "cours.pdf", b"MZ" + bytes(1000), "cours.pdf is a program"),
        ("fr", "cours.pdf", b"MZ" + bytes(1000), "cours.pdf est un programme"),
        ("en", "film.mp4", b"PK\3\4" + bytes(99), "is a video, but its content is an archive"),
        (
            "fr",
            "film.mp4",
            b"PK\3\4" + bytes(99),
            "terminez le nom de celui-ci par «",
        ),
        ("en", "scan.pdf", b"<html>" * 99, "its content is text (a saved web page, perhaps)"),
    ],
)
def test_a_file_is_refused_by_its_first_bytes_before_it_is_sent(
    seller: Seller, database: Database, language: str, name: str, content: bytes, words: str
) -> None:
    seller.headers["accept-language"] = language
    body = seller.body(content, name, head=b64encode(content[:4096]).decode())
    answer = seller.call("POST", "/api/uploads", json=body)
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.text
    with Session(database.engine) as session:
        assert session.exec(select(Upload)).all() == []


@pytest.mark.parametrize(
    ("name", "content", "content_type", "state"),
    [
        ("cours.xlsx", OLE, SHEET, "moderation"),
        ("cours.xls", OLE, "application/vnd.ms-excel", "accepted"),
        ("son.m4a", b"\0\0\0\x18ftypmp42" + bytes(99), "audio/mp4", "accepted"),
        ("son.mp3", bytes(range(256)) * 20 + b"\xff\xfb\x90\x64", "audio/mpeg", "accepted"),
        ("cours.zip", bytes(range(256)), "application/zip", "moderation"),  # the last part of a split archive
        ("film.part", bytes(range(256)), "application/octet-stream", "accepted"),
    ],
)
def test_an_honest_file_is_taken_as_what_it_is(
    seller: Seller,
    worker: Worker,
    database: Database,
    name: str,
    content: bytes,
    content_type: str,
    state: str,
) -> None:
    upload = seller.send(content, name, head=b64encode(content[:4096]).decode())
    worker.do_all("verify_upload")
    with Session(database.engine) as session:
        row = session.get_one(Upload, upload["id"])
    assert (row.state, row.found_type) == (state, content_type)


def test_first_bytes_that_are_no_base64_are_a_wrong_request(seller: Seller) -> None:
    for wrong in ("?", "YQ=", "Y", "A" * 5468):
        assert seller.call("POST", "/api/uploads", json=seller.body(head=wrong)).status_code == 400


def test_a_file_that_is_not_what_its_name_says_is_refused_and_removed(
    seller: Seller, worker: Worker, database: Database
) -> None:
    upload = seller.send(b"MZ" + bytes(1000), "cours.pdf")
    worker.do_all("verify_upload", "reclaim_upload")
    seen = seller.look(upload)
    assert seen["state"] == "refused"
    assert "cours.pdf is a program, and its name says otherwise" in seen["reason"]
    with Session(database.engine) as session:
        row = session.get_one(Upload, upload["id"])
        assert row.reclaimed_bytes == 1002
        assert worker.services.store.head(row.key) is None
        assert "upload-refused" in make.sent_texts(session)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg onload=alert(1)>", "image.txt"),
        (b"<!doctype html><script>alert(1)</script>", "page.html"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "drawing.svg"),
    ],
)
def test_what_a_browser_would_run_is_handed_out_untyped_and_as_an_attachment(
    seller: Seller,
    worker: Worker,
    database: Database,
    content: bytes,
    name: str,
) -> None:
    seller.send(content, name)
    worker.do_all("verify_upload")
    with Session(database.engine) as session:
        asset = session.exec(select(Asset)).one()
    told: dict[str, Any] = {"file_name": asset.name, "content_type": asset.content_type, "expires": 60}
    served = httpx.get(worker.services.store.sign_download(asset.key, **told))
    assert served.content == content
    assert served.headers["content-type"] == "application/octet-stream"
    assert served.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"size": 50 * 2**30 + 1}, 413, "too-large-to-upload"),
        ({"size": 0}, 422, "file-empty"),
        ({"size": 5}, 422, "fingerprint-differs"),
        ({"purpose": "picture", "size": 20_480_009}, 413, "too-large-to-upload"),
        ({"product_id": 10**9}, 404, "product-unknown"),
        ({"size": -1}, 400, "bad-request"),
        ({"fingerprint": {"size": 1, "modified": 1, "slices": []}}, 400, "bad-request"),
    ],
)
def test_what_cannot_be_uploaded_is_refused_before_a_byte_is_sent(
    seller: Seller, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = seller.call("POST", "/api/uploads", json=seller.body() | changed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert code != "too-large-to-upload" or answer.json()["max"] > 0


def test_a_file_without_room_in_the_store_is_refused_in_the_readers_words_and_one_under_way_is_told(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = seller.open()
    assert not upload["store_full"]
    monkeypatch.setattr("core.uploads.opening.disk_of", lambda folder: Disk(total=2**40, free=2**30))
    refused = seller.call("POST", "/api/uploads", json=seller.body(PDF + b"%", "another.pdf"))
    assert (refused.status_code, refused.json()["code"]) == (413, "no-room")
    assert "Nothing was sent. Try again once the shop has made room" in refused.json()["detail"]
    again = seller.call("POST", "/api/uploads", json=seller.body())
    assert (again.status_code, again.json()["store_full"]) == (200, True)


def test_another_persons_upload_is_out_of_reach(seller: Seller, app: Client, database: Database) -> None:
    upload = seller.open()
    other = Seller(app, database, 8)
    calls: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("POST", "/parts", {"numbers": [1]}),
        ("POST", "/complete", {"parts": []}),
        ("DELETE", "", None),
    ]
    for method, path, body in calls:
        answer = other.call(method, f"/api/uploads/{upload['id']}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-your-upload")
    theirs = other.call("POST", "/api/uploads", json=seller.body())
    assert (theirs.status_code, theirs.json()["code"]) == (403, "not-your-product")


def test_an_upload_that_never_was_is_not_found(seller: Seller) -> None:
    answer = seller.call("GET", "/api/uploads/6f1c1a8e-5a0e-4a3d-9d0a-0d6f6a1f2b3c")
    assert (answer.status_code, answer.json()["code"]) == (404, "upload-unknown")


def test_a_hundred_uploads_opened_at_once_are_too_many(seller: Seller, database: Database) -> None:
    bodies = [seller.body(b"x" * size) for size in range(100, 200)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda body: seller.call("POST", "/api/uploads", json=body), bodies))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 100 - MOST_UNFINISHED
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    with Session(database.engine) as session:
        assert len(session.exec(select(Upload)).all()) == MOST_UNFINISHED


def test_the_same_file_opened_twice_at_once_is_one_upload(seller: Seller, database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: seller.call("POST", "/api/uploads", json=seller.body()), range(4)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]


def test_cancelling_leaves_nothing_in_the_store(seller: Seller, worker: Worker, database: Database) -> None:
    upload = seller.open()
    seller.put(upload, PDF, [1])
    assert seller.call("DELETE", f"/api/uploads/{upload['id']}").status_code == 204
    assert seller.call("DELETE", f"/api/uploads/{upload['id']}").status_code == 204
    worker.do_all("reclaim_upload")
    with Session(database.engine) as session:
        row = session.get_one(Upload, upload["id"])
    assert (row.state, row.reclaimed_bytes) == ("aborted", upload["part_size"])
    assert worker.services.store.head(row.key) is None
    signed = seller.call("POST", f"/api/uploads/{upload['id']}/parts", json={"numbers": [1]})
    assert (signed.status_code, signed.json()["code"]) == (409, "upload-closed")


def test_a_store_that_forgot_the_parts_makes_the_upload_start_over(
    seller: Seller, worker: Worker, database: Database
) -> None:
    upload = seller.open()
    seller.put(upload, PDF, [1])
    with Session(database.engine) as session:
        row = session.get_one(Upload, upload["id"])
    worker.services.store.multipart.abort(row.key, row.store_upload_id or "")
    assert seller.look(upload)["state"] == "lost"
    assert seller.open()["id"] != upload["id"]


@pytest.mark.parametrize("numbers", [[0], [3], [-1], list(range(1, 40)), []])
def test_only_parts_of_the_file_are_signed(seller: Seller, numbers: list[int]) -> None:
    upload = seller.open()
    answer = seller.call("POST", f"/api/uploads/{upload['id']}/parts", json={"numbers": numbers})
    assert answer.status_code in (400, 422)


def test_without_any_worker_the_browser_is_told_to_come_back(seller: Seller, answers: Answering) -> None:
    upload = seller.open()
    answers.stop()
    answer = seller.call("POST", f"/api/uploads/{upload['id']}/parts", json={"numbers": [1]})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_without_a_session_nothing_is_told(app: Client) -> None:
    for token in ("", "Bearer x", f"Bearer {'x' * 43}"):
        answer = app.get("/api/uploads", headers={"authorization": token})
        assert (answer.status_code, answer.json()["code"]) == (401, "session-unknown")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (sign(at=utc_now()).replace("Awa", "Eve"), "init-data-forged"),
        (sign("1:other", at=utc_now()), "init-data-forged"),
        (sign(at=utc_now() - timedelta(hours=25)), "init-data-stale"),
        (sign(at=utc_now() - timedelta(minutes=6)), "init-data-stale"),
        ("", "init-data-forged"),
    ],
)
def test_bad_init_data_signs_nobody_in(app: Client, raw: str, code: str) -> None:
    answer = app.post("/api/session", json={"init_data": raw})
    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_a_session_tells_who_and_what_is_allowed(seller: Seller, app: Client, database: Database) -> None:
    raw = sign(user='{"id":7,"first_name":"A=w&a% 🎉"}', at=utc_now())
    told = app.post("/api/session", json={"init_data": raw}).json()
    assert told["user"]["name"] == "A=w&a% 🎉"
    assert told["shop"]["rails"] == ["stars", "crypto", "manual"]
    assert told["limits"] == {
        "max_upload_size": 50 * 2**30,
        "max_sample_size": 100_000_000,
        "part_batch": 32,
        "upload_days": 7,
    }
    assert (told["upload_policy"], told["is_test"]) == ("on_confirm", False)
    with Session(database.engine) as session:
        assert session.exec(select(User.name).where(User.telegram_id == 7)).one() == "A=w&a% 🎉"
        assert session.exec(select(Product)).one().status == "draft"
