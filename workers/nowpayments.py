"""The client of NOWPayments' API: opens invoices, and asks what became of payments.

Opening an invoice and asking for one payment need the API key. Their list of payments, the only way to find
a payment of which no notice ever came, also asks for a token of the account's login, good for 5 minutes
(https://documenter.getpostman.com/view/7907941/2s93JusNJt, "Authentication" and "Get list of payments").
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from core.kit.errors import Permanent, ProviderUnavailable, Refused, RetryAfter
from core.kit.money import Money
from core.payments.rails.nowpayments.reports import read, read_list
from core.payments.rails.port import Invoice, PaymentReport
from core.process.settings import Settings

WEBHOOK = "/webhooks/nowpayments"
PATIENCE = httpx.Timeout(10.0, connect=3.0)  # seconds
PAGE = 500  # payments in one page, their maximum
DESCRIPTION_LIMIT = 150  # characters shown on their page


class NowPayments:
    """An account at NOWPayments.

    Raises `ProviderUnavailable` or `RetryAfter` where a later try may help, or `Permanent`.
    """

    def __init__(self, settings: Settings) -> None:
        settings.require("nowpayments_api_key", "public_url")
        self._webhook = settings.public_url + WEBHOOK
        self._schemes = ("https://",) if settings.env == "production" else ("https://", "http://")
        self._login = {"email": settings.nowpayments_email, "password": settings.nowpayments_password}
        self._client = httpx.Client(
            base_url=settings.nowpayments_url,
            headers={"x-api-key": settings.nowpayments_api_key},
            timeout=PATIENCE,
        )

    def open_invoice(self, order_number: str, price: Money, title: str, return_url: str) -> Invoice:
        """Open an invoice; NOWPayments opens another one each time it is asked."""
        body = {
            "price_amount": float(price.decimal()),
            "price_currency": price.currency.lower(),
            "order_id": order_number,
            "order_description": f"{order_number} {title}"[:DESCRIPTION_LIMIT],
            "ipn_callback_url": self._webhook,
            "success_url": return_url,
            "cancel_url": return_url,
        }
        answer = self._ask("POST", "/invoice", "open an invoice", json=body)
        with _readable("open an invoice"):
            opened = answer.json()
            identity, url = str(opened["id"]), str(opened["invoice_url"])
        if not url.startswith(self._schemes):
            raise Permanent(f"NOWPayments gave {url[:80]!r} as the address of an invoice: not a web page.")
        return Invoice(identity, url)

    def reports(self, since: datetime, payment_ids: Iterable[str]) -> Iterator[PaymentReport]:
        """All payments made since a moment; without the account's login only those with these ids."""
        if all(self._login.values()):
            yield from self._listed(since)
            return
        for payment_id in payment_ids:
            answer = self._ask("GET", f"/payment/{payment_id}", "look at a payment", missing_is_fine=True)
            if answer.status_code != httpx.codes.NOT_FOUND:
                with _readable("look at a payment"):
                    report = read(answer.content)
                yield report

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _listed(self, since: datetime) -> Iterator[PaymentReport]:
        token = self._ask("POST", "/auth", "log in", json=self._login)
        with _readable("log in"):
            headers = {"Authorization": f"Bearer {token.json()['token']}"}
        page, pages = 0, 1
        while page < pages:
            # Oldest first: payments made meanwhile come last and move none to an earlier page.
            query: dict[str, str | int] = {
                "limit": PAGE,
                "page": page,
                "sortBy": "created_at",
                "orderBy": "asc",
            }
            query["dateFrom"] = since.date().isoformat()
            answer = self._ask("GET", "/payment/", "list payments", params=query, headers=headers)
            with _readable("list payments"):
                reports, pages = read_list(answer.content)
            yield from reports
            page += 1

    def _ask(
        self, method: str, path: str, what: str, *, missing_is_fine: bool = False, **options: Any
    ) -> httpx.Response:
        try:
            answer = self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise ProviderUnavailable(
                f"NOWPayments did not answer when asked to {what} ({type(error).__name__}). Tried again."
            ) from None
        if answer.is_success or (missing_is_fine and answer.status_code == httpx.codes.NOT_FOUND):
            return answer
        raise _fault(answer, what)


def _fault(answer: httpx.Response, what: str) -> Exception:
    status, pause = answer.status_code, answer.headers.get("Retry-After", "")
    answered = f"NOWPayments answered {status} when asked to {what}: {_message(answer)}."
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return RetryAfter(float(pause) if pause.isdecimal() else 60.0, answered)
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        # Worth another try: the operator may put the right key in place meanwhile.
        names = "NOWPAYMENTS_API_KEY, NOWPAYMENTS_EMAIL and NOWPAYMENTS_PASSWORD"
        return ProviderUnavailable(f"{answered} Check {names} against the account's settings.")
    if answer.is_server_error:
        return ProviderUnavailable(f"{answered} It is tried again.")
    return Permanent(f"{answered} The same request would be refused again.")


def _message(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return "no reason given"
    fields = body if isinstance(body, dict) else {}
    return f"{fields.get('code', '')} {fields.get('message', '')}".strip()[:200] or "no reason given"


@contextmanager
def _readable(what: str) -> Iterator[None]:
    """Turn an answer that is not what they document into a fault of theirs."""
    try:
        yield
    except (ValueError, KeyError, TypeError, Refused) as error:
        raise ProviderUnavailable(
            f"NOWPayments answered nonsense when asked to {what} ({type(error).__name__}). Tried again."
        ) from None
