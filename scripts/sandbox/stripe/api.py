"""One request of the API, from its key to its answer, as strict as Stripe is.

https://docs.stripe.com/api/authentication, /versioning, /connected-accounts, /idempotent_requests, /errors;
https://docs.stripe.com/rate-limits.
"""

import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from scripts.sandbox.stripe.book import DAY, NO_REQUEST, VERSION, Account, Book, Thing
from scripts.sandbox.stripe.errors import StripeError, invalid, unrecognized
from scripts.sandbox.stripe.forms import decode, decode_multipart
from scripts.sandbox.stripe.lists import Call, expand
from scripts.sandbox.stripe.routes import Route

Coding = Literal["form", "json"]
LONGEST_KEY = 255  # letters of an Idempotency-Key
VERSIONED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[a-z]+)?")


class Judge(Protocol):
    """Who says what of a request, an answer or an event is not in Stripe's contract: lines of text."""

    def check_request(self, verb: str, path: str, params: dict[str, Any], coding: Coding) -> list[str]: ...

    def check_answer(self, verb: str, path: str, answer: Any) -> list[str]: ...

    def check_event(self, event: dict[str, Any]) -> list[str]: ...


@dataclass(frozen=True)
class Request:
    """A request as it came in; `headers` by their names in small letters."""

    verb: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """Its address without the query."""
        return urlsplit(self.target).path

    @property
    def account(self) -> Account:
        """The connected account that it is made for."""
        return self.headers.get("stripe-account") or self.headers.get("stripe-context") or None


@dataclass(frozen=True)
class Answer:
    """What goes back; `cut`: nothing does, the connection is cut."""

    http_status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass
class Kept:
    """What an idempotency key stands for: the request, and its answer once there is one."""

    request: tuple[str, str, bytes]
    moment: int
    answer: Answer | None = None


class Api:
    """Answers requests. `faults` collects what the judge finds, of requests and answers."""

    def __init__(self, book: Book, key: str, routes: list[Route], judge: Judge | None) -> None:
        self.faults: list[str] = []
        self._book = book
        self._key = key
        self._routes = routes
        self._judge = judge
        self._kept: dict[tuple[Account, str], Kept] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """Carry a request out, or refuse it."""
        version = request.headers.get("stripe-version", VERSION)
        headers = {"request-id": self._book.id("req"), "stripe-version": version}
        if request.account:
            headers["stripe-account"] = request.account
        try:
            answer = self._admitted(request)
        except StripeError as error:
            answer = Answer(error.http_status, error.body)
        return Answer(answer.http_status, answer.body, headers | answer.headers, answer.cut)

    def _admitted(self, request: Request) -> Answer:
        faults = self._book.faults
        if faults.busy > 0:
            faults.busy -= 1
            error = StripeError(429, "rate_limit", "Request rate limit exceeded.")
            pause = {"retry-after": str(faults.retry_after), "stripe-should-retry": "true"}
            return Answer(429, error.body, pause)
        self._authenticate(request)
        route, ids = self._route(request)
        params = _params(request)
        key = request.headers.get("idempotency-key")
        if request.verb != "POST" or key is None:
            return self._carry_out(request, route, ids, params)
        return self._once(key, request, route, ids, params)

    def _authenticate(self, request: Request) -> None:
        sent = request.headers.get("authorization", "")
        if sent.removeprefix("Bearer ") != self._key:
            message = f"Invalid API Key provided: {sent.removeprefix('Bearer ')[:8]}****"
            raise StripeError(401, "api_key_invalid" if sent else "", message)
        account = request.account
        if account and not self._book.notes.get(account, {}).get("connected"):
            message = f"The provided key does not have access to account '{account}'"
            message += " (or that account does not exist). Application access may have been revoked."
            raise StripeError(403, "account_invalid", message)
        version = request.headers.get("stripe-version", VERSION)
        if not VERSIONED.fullmatch(version):
            raise invalid("", f"Invalid Stripe API version: {version}")

    def _route(self, request: Request) -> tuple[Route, tuple[str, ...]]:
        for route in self._routes:
            ids = route.ids(request.verb, request.path)
            if ids is not None:
                return route, ids
        raise unrecognized(request.verb, request.path)

    def _once(
        self, key: str, request: Request, route: Route, ids: tuple[str, ...], params: dict[str, Any]
    ) -> Answer:
        """Carry it out once for its key; refused parameters are not kept, all else is, a 500 too."""
        record = self._claim(key, request)
        if record.answer is not None:
            return Answer(record.answer.http_status, record.answer.body, {"idempotent-replayed": "true"})
        try:
            record.answer = self._carry_out(request, route, ids, params)
        except StripeError as error:
            if error.http_status != 402:
                raise
            record.answer = Answer(error.http_status, error.body)
        finally:
            if record.answer is None:
                with self._lock:
                    self._kept.pop((request.account, key), None)
        return record.answer

    def _claim(self, key: str, request: Request) -> Kept:
        if len(key) > LONGEST_KEY:
            raise invalid("", f"Idempotency-Key may have at most {LONGEST_KEY} characters.")
        now, same = self._book.now(), (request.verb, request.target, request.body)
        with self._lock:
            record = self._kept.get((request.account, key))
            if record is None or record.moment + DAY < now:
                self._kept[request.account, key] = record = Kept(same, now)
                return record
        if record.request != same:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first "
            )
            message += f"used with. Try using a key other than '{key}'."
            raise StripeError(400, "", message, kind="idempotency_error")
        if record.answer is None:
            message = "There is currently another in-progress request using this Idempotent Key."
            raise StripeError(409, "idempotency_key_in_use", message, kind="idempotency_error")
        return record

    def _carry_out(
        self, request: Request, route: Route, ids: tuple[str, ...], params: dict[str, Any]
    ) -> Answer:
        book, faults = self._book, self._book.faults
        call = Call(request.account, request.path, ids, params)
        self._judge_request(request, params)
        if faults.slow:
            time.sleep(faults.slow)
        with book.working():
            book.cause = {"id": book.id("req"), "idempotency_key": request.headers.get("idempotency-key")}
            try:
                thing = route.handler(book, call)
            finally:
                book.cause = dict(NO_REQUEST)
            expanded = expand(book, call.account, thing, params.get("expand", []))
        self._judge_answer(request, expanded)
        if request.verb == "POST" and faults.fail_after > 0:
            faults.fail_after -= 1
            return Answer(500, StripeError(500, "", "An unknown error occurred.", kind="api_error").body)
        if request.verb == "POST" and faults.cut_after > 0:
            faults.cut_after -= 1
            return Answer(200, expanded, cut=True)
        return Answer(200, expanded)

    def _judge_request(self, request: Request, params: dict[str, Any]) -> None:
        if self._judge is None or request.path.startswith("/oauth/"):
            return
        plain = {name: part for name, part in params.items() if not isinstance(part, tuple)}
        coding: Coding = "json" if _is_json(request) else "form"
        objections = self._judge.check_request(request.verb, request.path, plain, coding)
        objections = [fault for fault in objections if not (fault == "file: missing" and "file" in params)]
        self.faults += [f"{request.verb} {request.path}: {fault}" for fault in objections]
        if objections:
            code = "parameter_unknown" if objections[0].endswith("unknown") else "parameter_invalid"
            raise invalid(code, f"The contract has: {'; '.join(objections)}", objections[0].partition(":")[0])

    def _judge_answer(self, request: Request, answer: Thing) -> None:
        if self._judge is not None and not request.path.startswith("/oauth/"):
            objections = self._judge.check_answer(request.verb, request.path, answer)
            self.faults += [f"{request.verb} {request.path} answered {fault}" for fault in objections]


def _is_json(request: Request) -> bool:
    return request.path.startswith("/v2/") and request.verb == "POST"


def _params(request: Request) -> dict[str, Any]:
    """The parameters, of the query or of the body. Raises `StripeError` where they cannot be read."""
    if request.verb == "GET":
        return decode(urlsplit(request.target).query)
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return decode_multipart(kind, request.body)
    if _is_json(request):
        return _decode_json(request.body)
    try:
        return decode(request.body.decode() or urlsplit(request.target).query)
    except UnicodeDecodeError:
        raise invalid("parameter_invalid", "Invalid UTF-8 in the request body") from None


def _decode_json(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body or b"{}")
    except ValueError:
        raise invalid("invalid_json", "Invalid JSON in the request body") from None
    if not isinstance(fields, dict):
        raise invalid("invalid_json", "The request body must be a JSON object")
    return fields
