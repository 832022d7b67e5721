"""The Mini App's side of an upload, without a browser: the same calls, the same three parts at a time."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from core.people.initdata import derive_secret
from schemas.base import utc_now
from schemas.uploads import UploadState
from scripts.bench.running_stack import RunningStack
from scripts.embedded.telegram import TOKEN

PARALLEL = 3
BLOCK = 1 << 20  # bytes
SLICE = 1 << 16
PATIENCE = 60.0  # seconds that a call is tried again while something restarts
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a part is sent again, doubled each time


def sign_init_data(
    bot_token: str, telegram_id: int, name: str, language: str = "en", signature: str | None = "none"
) -> str:
    """The signed text (initData) that Telegram hands to the Mini App when a person opens it."""
    user = json.dumps({"id": telegram_id, "first_name": name, "language_code": language})
    # Only Telegram can make the signature for third parties; the bot's hash covers whatever stands there.
    fields = {"auth_date": str(int(utc_now().timestamp())), "user": user}
    if signature is not None:
        fields["signature"] = signature
    check = "\n".join(f"{field}={fields[field]}" for field in sorted(fields)).encode()
    digest = hmac.new(bytes.fromhex(derive_secret(bot_token)), check, hashlib.sha256).hexdigest()
    return urlencode({**fields, "hash": digest})


class Closed(Exception):
    """Raised in the middle of an upload when the benchmark closes the page."""


class Page:
    """An open Mini App. `sent` counts the bytes that went to the store from this page.

    `before_again` is called with an upload and the number of a part that is about to be sent once more.
    """

    def __init__(self, url: str, init_data: str) -> None:
        self.sent = 0
        self.before_again: Callable[[dict[str, Any], int], None] = lambda upload, number: None
        self._init_data = init_data
        self._api = httpx.Client(base_url=url, timeout=30)
        self._store = httpx.Client(timeout=300)
        self._counting = threading.Lock()
        self._closed = threading.Event()
        self._token = ""

    def close(self) -> None:
        """Stop all work of the page, parts that are being sent included."""
        self._closed.set()
        self._api.close()
        self._store.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API, again while the shop restarts; the decoded answer. Raises `httpx.HTTPStatusError`."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._send(method, path, body)
                if answer.status_code == 401 and not path.endswith("/session"):
                    self._sign_in()
                    continue
                if answer.status_code < 500:
                    return answer.raise_for_status().json() if answer.content else None
                last = answer.text
            except httpx.TransportError as error:
                last = repr(error)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{method} {path} did not succeed: {last}")
            time.sleep(0.2)

    def open(self, path: Path, product_id: int, name: str) -> dict[str, Any]:
        """Open the upload of a file, or find it again."""
        body = {"name": name, "size": path.stat().st_size, "type": "", "product_id": product_id}
        body["fingerprint"] = _fingerprint(path)
        return dict(self.call("POST", "/api/uploads", body))

    def send(self, upload: dict[str, Any], path: Path, between: Callable[[int], None]) -> None:
        """Send the parts that the store lacks, then complete the upload.

        Before each part `between` is called with how many parts were begun.
        """
        state = self.call("GET", f"/api/uploads/{upload['id']}")
        etags = {part["number"]: part["etag"] for part in state["parts_held"]}
        missing = [number for number in range(1, upload["parts"] + 1) if number not in etags]
        urls: dict[str, str] = {}
        already = len(etags)
        with ThreadPoolExecutor(PARALLEL) as pool:
            under_way: list[Any] = []
            for place, number in enumerate(missing):
                between(already + place)
                if str(number) not in urls:
                    batch = missing[place : place + 32]
                    signed = self.call("POST", f"/api/uploads/{upload['id']}/parts", {"numbers": batch})
                    urls = signed["urls"]
                if len(under_way) == PARALLEL:
                    done, etag = under_way.pop(0).result()
                    etags[done] = etag
                under_way.append(pool.submit(self._send_part, upload, path, number, urls[str(number)]))
            for future in under_way:
                done, etag = future.result()
                etags[done] = etag
        parts = [{"number": number, "etag": etags[number]} for number in sorted(etags)]
        self.call("POST", f"/api/uploads/{upload['id']}/complete", {"parts": parts})

    def wait(self, upload: dict[str, Any], seconds: float) -> UploadState:
        """Wait until the shop has verified the upload; the upload's state."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            state: UploadState = self.call("GET", f"/api/uploads/{upload['id']}")["state"]
            if state != "verifying":
                return state
            time.sleep(0.2)
        return "verifying"

    def _sign_in(self) -> None:
        self._token = ""
        answer = self._send("POST", "/api/session", {"init_data": self._init_data}).raise_for_status()
        self._token = answer.json()["token"]

    def _send(self, method: str, path: str, body: Any) -> httpx.Response:
        headers = {"accept-language": "en"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        return self._api.request(method, path, json=body, headers=headers)

    def _send_part(self, upload: dict[str, Any], path: Path, number: int, url: str) -> tuple[int, str]:
        """Send a part; while the store is away or refuses, again, unless it has the part by now."""
        deadline, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
        while True:
            try:
                return self._put(upload, path, number, url)
            except (httpx.TransportError, httpx.HTTPStatusError) as error:
                if self._closed.is_set() or _is_final(error) or time.monotonic() > deadline:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            state = self.call("GET", f"/api/uploads/{upload['id']}")
            parts = {part["number"]: part for part in state["parts_held"]}
            if number in parts and parts[number]["size"] == _length(upload, number):
                return number, str(parts[number]["etag"])
            self.before_again(upload, number)

    def _put(self, upload: dict[str, Any], path: Path, number: int, url: str) -> tuple[int, str]:
        offset = (number - 1) * upload["part_size"]
        length = _length(upload, number)
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(length)}
        answer = self._store.put(url, content=self._read(path, offset, length), headers=headers)
        answer.raise_for_status()
        return number, answer.headers["etag"].strip('"')

    def _read(self, path: Path, offset: int, length: int) -> Iterator[bytes]:
        with path.open("rb", buffering=0) as file:
            file.seek(offset)
            while length:
                if self._closed.is_set():
                    raise Closed
                data = file.read(min(BLOCK, length))
                length -= len(data)
                with self._counting:
                    self.sent += len(data)
                yield data


def _length(upload: dict[str, Any], number: int) -> int:
    """The size of a part in bytes."""
    return int(min(upload["part_size"], upload["size"] - (number - 1) * upload["part_size"]))


def _is_final(error: Exception) -> bool:
    """Whether the store would answer the same again."""
    return isinstance(error, httpx.HTTPStatusError) and error.response.status_code < 500


def _fingerprint(path: Path) -> dict[str, Any]:
    size = path.stat().st_size
    slices = []
    with path.open("rb") as file:
        for offset in (0, max(0, size // 2 - SLICE // 2), max(0, size - SLICE)):
            file.seek(offset)
            slices.append(hashlib.sha256(file.read(SLICE)).hexdigest())
    return {"size": size, "modified": int(path.stat().st_mtime * 1000), "slices": slices}


def open_page(system: RunningStack) -> Page:
    """Open the Mini App as the seller."""
    return Page(system.stack.url, seller_init_data(system))


def seller_init_data(system: RunningStack) -> str:
    """The signed text (initData) that Telegram hands to the Mini App for the seller."""
    return sign_init_data(TOKEN, system.seller.id, system.seller.name)
