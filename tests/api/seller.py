"""A seller with the Mini App open, as the browser behaves: bytes go to the real S3 server only."""

import hashlib
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from core.kit.db import Database
from core.kit.rows import id_of
from schemas.base import utc_now
from tests.core.people.test_initdata import sign
from tests.support import make

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 24_000
"""6 MB: two parts, where a part is the smallest that S3 takes."""


class Seller:
    """Somebody with a shop, a product and the Mini App open."""

    def __init__(self, client: TestClient[Litestar], database: Database, telegram_id: int = 7) -> None:
        self.client = client
        self.database = database
        with database.transaction() as session:
            owner = make.user(session, telegram_id=telegram_id)
            shop = make.seller(session, owner, name=f"Shop {telegram_id}")
            self.product = id_of(make.product(session, shop, files=(), published=False))
        raw = sign(user=f'{{"id":{telegram_id},"first_name":"Awa"}}', at=utc_now())
        session_answer = client.post("/api/session", json={"init_data": raw})
        assert session_answer.status_code == 200, session_answer.text
        self.headers = {"authorization": f"Bearer {session_answer.json()['token']}", "accept-language": "en"}

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.client.request(method, path, headers=self.headers, **options)

    def body(self, data: bytes = PDF, name: str = "cours.pdf", **changed: Any) -> dict[str, Any]:
        slices = [hashlib.sha256(data[at : at + 64]).hexdigest() for at in (0, len(data) // 2, -64)]
        mark = {"size": len(data), "modified": 1, "slices": slices}
        body = {"name": name, "size": len(data), "type": "application/pdf", "product_id": self.product}
        return body | {"purpose": "file", "fingerprint": mark} | changed

    def open(self, data: bytes = PDF, name: str = "cours.pdf", **changed: Any) -> dict[str, Any]:
        answer = self.call("POST", "/api/uploads", json=self.body(data, name, **changed))
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    def put(self, upload: dict[str, Any], data: bytes, numbers: list[int]) -> list[dict[str, Any]]:
        signed = self.call("POST", f"/api/uploads/{upload['id']}/parts", json={"numbers": numbers})
        assert signed.status_code == 200, signed.text
        sent = []
        for number in numbers:
            at = (number - 1) * upload["part_size"]
            url = signed.json()["urls"][str(number)]
            done = httpx.put(
                url, content=data[at : at + upload["part_size"]], headers={"Content-Type": "application/pdf"}
            )
            assert done.status_code == 200, done.text
            sent.append({"number": number, "etag": done.headers["etag"]})
        return sent

    def complete(self, upload: dict[str, Any], parts: list[dict[str, Any]]) -> httpx.Response:
        return self.call("POST", f"/api/uploads/{upload['id']}/complete", json={"parts": parts})

    def send(self, data: bytes = PDF, name: str = "cours.pdf", **changed: Any) -> dict[str, Any]:
        upload = self.open(data, name, **changed)
        parts = self.put(upload, data, list(range(1, upload["parts"] + 1)))
        answer = self.complete(upload, parts)
        assert (answer.status_code, answer.json()) == (202, {"state": "verifying"})
        return upload

    def look(self, upload: dict[str, Any]) -> dict[str, Any]:
        answer = self.call("GET", f"/api/uploads/{upload['id']}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())
