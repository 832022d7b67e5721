"""Paths and bodies that are refused before any route is asked."""

import pytest

from api.door import is_ours
from core.kit.db import Database
from tests.api.people import somebody
from tests.support.web import Client


@pytest.mark.parametrize(
    "path", ["/", "/p/cours-de-couture", "/api/me", "/static/web.css", "/o/" + "x" * 128]
)
def test_ordinary_paths_pass(path: str) -> None:
    assert is_ours(path)


@pytest.mark.parametrize(
    "path",
    [
        "*",
        "",
        "/\x00",
        "/p/a\x00b",
        "/p/\u0663",
        "/p/\ud800",
        "/a\nb",
        "/" + "x" * 256,
        "/x" * 513,
    ],
)
def test_paths_that_no_page_of_ours_has_are_refused(path: str) -> None:
    assert not is_ours(path)


@pytest.mark.parametrize(
    "path", ["/static/%00", "/static/" + "x" * 300, "/p/%D9%A3", "/nowhere/%ff", "/%ED%A0%80"]
)
def test_they_are_answered_with_404(web: Client, path: str) -> None:
    assert web.get(path).status_code == 404


@pytest.mark.parametrize("number", ["1_0", "+10", "%2010", "010", "%D9%A1%D9%A0", "1%30.0"])
def test_a_number_in_a_path_has_one_spelling(app: Client, database: Database, number: str) -> None:
    _, headers = somebody(database)
    assert app.get("/api/memberships/10", headers=headers).json()["code"] == "membership-unknown"
    answer = app.get(f"/api/memberships/{number}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    "body",
    [b'{"language":"\xff"}', b"\xff\xfe", b"[" * 30_000, b"[" * 30_000 + b"]" * 30_000, b'{"a":' * 9000],
)
def test_a_body_that_is_no_json_is_answered_with_400(app: Client, database: Database, body: bytes) -> None:
    _, headers = somebody(database)
    answer = app.patch("/api/me", headers=headers | {"content-type": "application/json"}, content=body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad-request"


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800", "\\udc00\\ud800"])
def test_a_text_that_no_table_can_keep_is_answered_with_400(
    app: Client, database: Database, text: str
) -> None:
    _, headers = somebody(database)
    headers |= {"content-type": "application/json"}
    body = f'{{"title":"{text}","description":"{text}","prices":{{}}}}'
    assert app.post("/api/products", headers=headers, content=body.encode()).status_code == 400
