"""The client of Stripe's API: one call each, without its library, which no process of ours loads.

Every POST bears a key of ours, so that a job that is run again buys nothing twice; the library's own keys
last for one call (https://docs.stripe.com/api/idempotent_requests). When to try again the ledger of jobs
decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
import msgspec

from core.kit.errors import Permanent, ProviderUnavailable, RetryAfter
from core.payments.rails.stripe.protocol import API_VERSION, Fields, OutcomeUnknown, StripeRefused, form

PATIENCE = httpx.Timeout(30.0, connect=3.0)  # seconds; Stripe itself may wait for a bank
PAGE = 100  # objects in one page, their maximum
PATH = re.compile(r"(/[A-Za-z0-9_-]+)+")  # no dots: `..` would lead elsewhere
KEY = re.compile(r"[\x21-\x7e]{1,255}")
BUSY_SECONDS = 60.0  # to wait where Stripe says that we ask too often, and not for how long
IN_FLIGHT_SECONDS = 5.0  # to wait where the same request is being carried out

Thing = TypeVar("Thing", bound=msgspec.Struct)


@dataclass(frozen=True)
class Addresses:
    """Where Stripe is reached; a stand-in has all of them at one address."""

    api: str = "https://api.stripe.com"
    files: str = "https://files.stripe.com"
    connect: str = "https://connect.stripe.com"


class Page(msgspec.Struct, Generic[Thing]):
    """One page of a list."""

    data: list[Thing]
    has_more: bool


class _Identity(msgspec.Struct):
    id: str


class _Problem(msgspec.Struct):
    message: str = ""
    code: str = ""
    type: str = ""


class _Refusal(msgspec.Struct):
    error: _Problem | str = ""
    error_description: str = ""


class Stripe:
    """Stripe with one secret key; `account` is the connected account that a call is made for.

    Raises `ProviderUnavailable` or `RetryAfter` where a later try may help, `OutcomeUnknown` where only
    another key does, `StripeRefused` where none does. What is read is the struct that is asked for.
    """

    def __init__(self, secret_key: str, addresses: Addresses | None = None) -> None:
        self._addresses = addresses or Addresses()
        headers = {"Authorization": f"Bearer {secret_key}", "Stripe-Version": API_VERSION}
        self._client = httpx.Client(headers=headers, timeout=PATIENCE)

    def get(
        self, kind: type[Thing], path: str, query: Fields | None = None, *, account: str | None = None
    ) -> Thing:
        """Look at an object."""
        params = list(form(query or {})) or None
        return _read(kind, self._ask("GET", path, account=account, params=params), path)

    def pages(
        self, kind: type[Thing], path: str, query: Fields | None = None, *, account: str | None = None
    ) -> Iterator[Thing]:
        """All objects of a list, newest first, page after page."""
        cursor: dict[str, str] = {}
        has_more = True
        while has_more:
            params = list(form({"limit": PAGE, **(query or {}), **cursor}))
            answer = self._ask("GET", path, account=account, params=params)
            identities = _read(Page[_Identity], answer, path).data
            page = _read(Page[kind], answer, path)  # type: ignore[valid-type]
            yield from page.data
            has_more = page.has_more and bool(identities)
            cursor = {"starting_after": identities[-1].id} if identities else {}

    def post(
        self, kind: type[Thing], path: str, fields: Fields, *, key: str, account: str | None = None
    ) -> Thing:
        """Make or change something. `key`: the same for the same decision, another for another one."""
        sent: dict[str, Any] = {"json": fields} if path.startswith("/v2/") else {"data": dict(form(fields))}
        return _read(kind, self._ask("POST", path, account=account, key=key, **sent), path)

    def delete(
        self, kind: type[Thing], path: str, fields: Fields | None = None, *, account: str | None = None
    ) -> Thing:
        """End something; Stripe carries it out once by itself."""
        params = list(form(fields or {})) or None
        return _read(kind, self._ask("DELETE", path, account=account, params=params), path)

    def upload(self, kind: type[Thing], name: str, content: bytes, *, key: str, account: str | None) -> Thing:
        """Put a file there that is evidence in a dispute."""
        sent: dict[str, Any] = {"files": {"file": (name, content)}, "data": {"purpose": "dispute_evidence"}}
        base = self._addresses.files
        return _read(kind, self._ask("POST", "/v1/files", base=base, account=account, key=key, **sent), name)

    def exchange(self, kind: type[Thing], path: str, fields: Fields) -> Thing:
        """POST /oauth/token or /oauth/deauthorize, which know no keys: a code is good once by itself."""
        answer = self._ask("POST", path, base=self._addresses.connect, data=dict(form(fields)))
        return _read(kind, answer, path)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(
        self,
        verb: str,
        path: str,
        *,
        base: str | None = None,
        account: str | None = None,
        key: str | None = None,
        **sent: Any,
    ) -> httpx.Response:
        if not PATH.fullmatch(path) or (key is not None and not KEY.fullmatch(key)):
            raise Permanent(
                f"{path!r:.80} with the key {key!r:.80} is no request to Stripe: a fault of ours."
            )
        headers = {"Stripe-Account": account} if account else {}
        headers |= {"Idempotency-Key": key} if key else {}
        try:
            url = (base or self._addresses.api) + path
            answer = self._client.request(verb, url, headers=headers, **sent)
        except httpx.HTTPError as error:
            message = f"Stripe did not answer {verb} {path} ({type(error).__name__}). Tried again."
            raise ProviderUnavailable(message) from None
        if answer.is_success:
            return answer
        raise _fault(answer, f"{verb} {path}")


def _fault(answer: httpx.Response, what: str) -> Exception:
    """What an answer that is no success means for the job (https://docs.stripe.com/error-low-level)."""
    status, problem = answer.status_code, _problem(answer)
    answered = f"Stripe answered {status} to {what}: {problem.message[:200] or 'no reason given'}"
    if status == httpx.codes.TOO_MANY_REQUESTS:
        pause = answer.headers.get("Retry-After", "")
        return RetryAfter(float(pause) if pause.isdecimal() else BUSY_SECONDS, answered)
    if status == httpx.codes.CONFLICT:
        return RetryAfter(IN_FLIGHT_SECONDS, answered)
    if answer.is_server_error:
        if answer.headers.get("Idempotent-Replayed") == "true":
            return OutcomeUnknown(f"{answered} It keeps this answer: look what there is, then ask anew.")
        return ProviderUnavailable(f"{answered} It is tried again.")
    if status == httpx.codes.UNAUTHORIZED or (
        status == httpx.codes.FORBIDDEN and problem.code != "account_invalid"
    ):
        # Worth another try: the operator may put the right key in place meanwhile.
        return ProviderUnavailable(f"{answered} Check STRIPE_SECRET_KEY and what the key may do.")
    return StripeRefused(problem.code or problem.type, f"{answered} The same would be refused again.")


def _problem(answer: httpx.Response) -> _Problem:
    try:
        refusal = msgspec.json.decode(answer.content, type=_Refusal)
    except msgspec.DecodeError:
        return _Problem()
    if isinstance(refusal.error, str):  # as OAuth says it
        return _Problem(refusal.error_description, refusal.error)
    return refusal.error


def _read(kind: type[Thing], answer: httpx.Response, what: str) -> Thing:
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.DecodeError as error:
        message = f"Stripe's answer to {what} cannot be read ({error}). Tried again."
        raise ProviderUnavailable(message) from None
