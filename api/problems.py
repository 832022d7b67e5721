"""Errors as answers: a problem document (RFC 9457) for machines, a plain page for people.

Every one says what happened and what to do next. An unexpected one carries the reference number that the
log has too, and nothing else about itself.
"""

from http import HTTPStatus
from typing import Any

import msgspec
import psycopg
import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.context import AppContext
from api.pages import page
from api.requests import AnyRequest, language_of
from core.jobs.request_reply import Busy, NoReply
from core.kit.correlation import correlation
from core.kit.errors import Explained, NotAllowed, NotFound, Refused
from core.kit.texts import exists, plain, plain_refusal
from core.process.limiter import TooMany
from schemas.answers import Problem

PAGES = ("/p/", "/o/", "/d/", "/mail/", "/stripe/")
RETRY_SECONDS = 5
LONG_RETRY_SECONDS = 60
PROBLEM_TYPE = "application/problem+json"
STATUSES: dict[str, int] = {
    "bad-token": 401,
    "metrics-token-wrong": 401,
    "event-forged": 401,
    "event-unreadable": 400,
    "ipn-forged": 401,
    "ipn-unreadable": 400,
    "ipn-too-large": 413,
    "link-revoked": 410,
    "link-expired": 410,
    "link-used-up": 429,
    "too-many-requests": 429,
    "access-unclaimed": 409,
    "amount-two-ways": 422,
    "bad-amount": 422,
    "listing-unpaid": 409,
    "refund-whole-only": 409,
    "bad-currency": 422,
    "transaction-wrong": 422,
    "rail-unknown": 422,
    "request-key-weak": 422,
    "reference-missing": 422,
    "init-data-forged": 401,
    "init-data-stale": 401,
    "session-unknown": 401,
    "session-expired": 401,
    "upload-unpaid": 402,
    "too-large-to-upload": 413,
    "no-room": 413,
    "file-empty": 422,
    "content-differs": 422,
    "program-disguised": 422,
    "not-a-picture": 422,
    "fingerprint-differs": 422,
    "part-unknown": 422,
    "parts-too-many": 422,
    "price-wrong-currency": 422,
    "price-twice": 422,
    "title-empty": 422,
    "title-too-long": 422,
    "description-too-long": 422,
    "language-unknown": 422,
    "too-many-uploads": 429,
    "mini-app-not-built": 503,
    "mail-address-wrong": 422,
    "legal-incomplete": 422,
    "legal-name-too-long": 422,
    "legal-address-too-long": 422,
    "vat-number-wrong": 422,
    "reason-empty": 422,
    "reason-too-long": 422,
    "mail-link-expired": 410,
    "stripe-way-expired": 410,
}

log = structlog.get_logger(__name__)


def answers(*statuses: int) -> dict[int, ResponseSpec]:
    """The refusals of a route, for its documentation; 503 is always among them."""
    return {
        status: ResponseSpec(
            Problem,
            generate_examples=False,
            description=HTTPStatus(status).description or HTTPStatus(status).phrase,
            media_type=PROBLEM_TYPE,
        )
        for status in (*statuses, 503)
    }


OF_LISTS = answers(400, 401, 403, 429)
OF_CHANGES = answers(400, 401, 403, 404, 409, 413, 422, 429)
"""The refusals of staff's lists, and of what staff change with a body."""


def answer_error(request: AnyRequest, error: Exception) -> Response[bytes]:
    """The answer to any error that a handler let through."""
    shop: AppContext = request.app.state.shop
    language = language_of(request)
    status, code, detail = _judge(language, error)
    headers = _headers(status, error)
    if status == 500:
        log.error("request_failed", reference=correlation.get(), exc_info=error)
    elif status == 503:
        log.warning("request_unanswered", reason=f"{type(error).__name__}: {error}"[:300])
    if request.url.path.startswith(PAGES):
        return page(
            request,
            shop.settings,
            "error",
            status=status,
            headers=headers,
            status_code=status,
            title=title_of(language, code),
            detail=detail,
            bot=shop.settings.bot_username,
            reference=correlation.get(),
        )
    problem = Problem(HTTPStatus(status).phrase, status, detail, code, correlation.get())
    facts = error.facts if isinstance(error, Explained) else {}
    body = msgspec.json.encode(msgspec.to_builtins(problem) | facts)
    return Response(body, status_code=status, media_type=PROBLEM_TYPE, headers=headers)


def status_of(error: Refused) -> int:
    """The HTTP status that says what a refusal says."""
    if error.code in STATUSES:
        return STATUSES[error.code]
    if isinstance(error, NotFound):
        return 404
    return 403 if isinstance(error, NotAllowed) else 409


def title_of(language: str, code: str) -> str:
    """What the page of a refusal is headed with; empty where the refusal is nothing that people know of."""
    own = f"web-title-{code}"
    return plain(language, own) if exists(own) else ""


def words_for_web(language: str, error: Refused) -> str:
    """Why a rule said no, to a reader with a browser: the common words name the bot's commands."""
    own = f"web-error-{error.code}"
    return plain(language, own, **(error.details or {})) if exists(own) else plain_refusal(language, error)


def _judge(language: str, error: Exception) -> tuple[int, str, str]:
    """Status, code and the words for people."""
    match error:
        case Refused():
            return status_of(error), error.code, words_for_web(language, error)
        case Busy() | NoReply() | OperationalError() | psycopg.OperationalError() | PoolTimeout():
            return 503, "unavailable", plain(language, "web-error-unavailable")
        case HTTPException(status_code=status) if status < 500:
            return status, _http_code(status), _http_words(language, error)
        case _:
            words = plain(language, "web-error-unexpected", reference=correlation.get())
            return 500, "unexpected", words


def _http_code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "-")


def _http_words(language: str, error: HTTPException) -> str:
    """Litestar's own refusals: an unknown address, a method or body that does not fit."""
    if error.status_code == 404:
        return plain(language, "web-error-not-found")
    wrong = (
        [fault for fault in error.extra or [] if isinstance(fault, dict)]
        if isinstance(error.extra, list)
        else []
    )
    named = ", ".join(f"{fault.get('key', '?')}: {fault.get('message', '')}" for fault in wrong)
    return plain(
        language, "web-error-request", reason=named or error.detail or HTTPStatus(error.status_code).phrase
    )


def _headers(status: int, error: Exception) -> dict[str, str]:
    headers = {key: str(value) for key, value in (getattr(error, "headers", None) or {}).items()}
    if isinstance(error, TooMany):
        headers["retry-after"] = str(error.seconds)
    elif status == 429:
        headers["retry-after"] = str(LONG_RETRY_SECONDS)
    elif status == 503:
        headers["retry-after"] = str(RETRY_SECONDS)
    elif status == 401 and isinstance(error, NotAllowed):
        headers["www-authenticate"] = 'Bearer realm="staff"'
    return headers


HANDLERS: dict[Any, Any] = {Exception: answer_error}
