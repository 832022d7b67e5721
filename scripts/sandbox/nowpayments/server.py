"""The HTTP server of the sandbox: the API of NOWPayments and its pay page."""

import hmac
import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from scripts.sandbox.nowpayments.ledger import Invoice, Ledger, LedgerError, iso

if TYPE_CHECKING:
    from scripts.sandbox.nowpayments.sandbox import NowPaymentsSandbox

LONGEST_BODY = 65_536  # bytes
ORDERS = ("asc", "desc")
SORTED_BY = ("created_at", "payment_id")
"""Of the columns that the service sorts by, those in whose order payments are kept here."""
PAY_PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Pay (sandbox)</title><body style="font-family:sans-serif;max-width:32rem;margin:2rem auto">
<h1>{amount} {currency}</h1><p>{description}</p><p>No real money: this NOWPayments is a stand-in.</p>
<form method="post" action="/payment/?iid={id}">
<button name="share" value="1">Pay all</button> <button name="share" value="0.5">Pay half</button>
<button name="share" value="1.2">Pay too much</button> <button name="share" value="late">Pay too late</button>
</form>"""


class Server(ThreadingHTTPServer):
    """The HTTP server of one sandbox, on 127.0.0.1. `port` 0: any free one."""

    daemon_threads = True

    def __init__(self, sandbox: "NowPaymentsSandbox", port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.sandbox = sandbox
        self.tokens: set[str] = set()
        """Those that signing in has given out."""


class Handler(BaseHTTPRequestHandler):
    """One request, answered as their API or their pay page does."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer({"/v1/status": self._status, "/v1/payment/": self._list, "/payment/": self._page})

    def do_POST(self) -> None:
        self._answer({"/v1/invoice": self._invoice, "/v1/auth": self._auth, "/payment/": self._pay})

    def log_message(self, format: str, *args: Any) -> None:
        """Tests and the stack's log want no line for each request."""

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def _answer(self, routes: dict[str, Callable[[], None]]) -> None:
        path = urlsplit(self.path).path
        try:
            if path in routes:
                routes[path]()
            elif self.command == "GET" and path.startswith("/v1/payment/"):
                self._payment(path.rpartition("/")[2])
            else:
                raise LedgerError(404, "NOT_FOUND", "Not found")
        except LedgerError as error:
            body = {"statusCode": error.status, "code": error.code, "message": str(error)}
            self._send(error.status, body)

    def _status(self) -> None:
        self._send(200, {"message": "OK"})

    def _invoice(self) -> None:
        body = self._body()
        self._check_key()
        sandbox = self.server.sandbox
        self._send(200, _invoice_answer(sandbox.ledger.open_invoice(_object(body)), sandbox.url))

    def _auth(self) -> None:
        fields = _object(self._body())
        credentials = f"{fields.get('email')}\n{fields.get('password')}".encode()
        expected = f"{self.server.sandbox.account.email}\n{self.server.sandbox.account.password}".encode()
        if not hmac.compare_digest(credentials, expected):
            raise LedgerError(403, "INVALID_CREDENTIALS", "Access denied")
        token = secrets.token_hex(16)
        self.server.tokens.add(token)
        self._send(200, {"token": token})

    def _list(self) -> None:
        self._check_key()
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.server.tokens:
            raise LedgerError(
                401, "AUTH_REQUIRED", "Authorization header is empty (Bearer JWTtoken is required)"
            )
        self._send(200, _page_of_payments(self.server.sandbox.ledger, self.query))

    def _payment(self, payment_id: str) -> None:
        self._check_key()
        number = int(payment_id) if payment_id.isdecimal() else 0
        self._send(200, self.server.sandbox.ledger.payment(number).as_answered())

    def _page(self) -> None:
        invoice = self.server.sandbox.ledger.invoice(self.query.get("iid", ""))
        fields = {"amount": str(invoice.price), "currency": invoice.currency.upper(), "id": invoice.id}
        page = PAY_PAGE.format(**fields, description=escape(invoice.description))
        self._send_bytes(200, "text/html; charset=utf-8", page.encode())

    def _pay(self) -> None:
        """`share` of the coins, or "late", as a form; "wait" in the address answers JSON."""
        fields = {name: values[-1] for name, values in parse_qs(self._body().decode()).items()}
        share_text = fields.get("share", "1")
        try:
            share = Decimal(1) if share_text == "late" else Decimal(share_text)
        except InvalidOperation:
            raise LedgerError(400, "INVALID_REQUEST_PARAMS", "share must be a number or late") from None
        invoice = self.server.sandbox.ledger.invoice(self.query.get("iid", ""))
        payment = self.server.sandbox.pays(invoice.id, share, late=share_text == "late")
        if invoice.success_url and "text/html" in self.headers.get("Accept", ""):
            self._send_bytes(303, "text/plain", b"", {"Location": invoice.success_url})
        else:
            self._send(200, payment.as_sent())

    def _check_key(self) -> None:
        api_key = self.headers.get("x-api-key", "")
        if not hmac.compare_digest(api_key.encode(), self.server.sandbox.account.api_key.encode()):
            raise LedgerError(403, "INVALID_API_KEY", "Invalid api key")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            self.close_connection = True
            raise LedgerError(413, "PAYLOAD_TOO_LARGE", "request entity too large")
        return self.rfile.read(int(length))

    def _send(self, status: int, body: dict[str, Any]) -> None:
        self._send_bytes(status, "application/json; charset=utf-8", json.dumps(body).encode())

    def _send_bytes(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except ValueError:
        raise LedgerError(400, "INVALID_REQUEST_PARAMS", "The body is not JSON") from None
    if not isinstance(fields, dict):
        raise LedgerError(400, "INVALID_REQUEST_PARAMS", "The body is not an object")
    return fields


def _invoice_answer(invoice: Invoice, url: str) -> dict[str, Any]:
    return {
        "id": invoice.id,
        "token_id": "1",
        "order_id": invoice.order_id,
        "order_description": invoice.description,
        "price_amount": str(invoice.price),
        "price_currency": invoice.currency.upper(),
        "pay_currency": None,
        "ipn_callback_url": invoice.callback or None,
        "invoice_url": f"{url}/payment/?iid={invoice.id}",
        "success_url": invoice.success_url or None,
        "created_at": iso(invoice.created),
        "updated_at": iso(invoice.created),
    }


def _page_of_payments(ledger: Ledger, query: dict[str, str]) -> dict[str, Any]:
    try:
        limit, page = int(query.get("limit", "10")), int(query.get("page", "0"))
        since, until = (_date(query.get(name)) for name in ("dateFrom", "dateTo"))
    except ValueError:
        raise LedgerError(400, "INVALID_REQUEST_PARAMS", "limit, page, dateFrom or dateTo is wrong") from None
    if not 1 <= limit <= 500 or page < 0:
        raise LedgerError(400, "INVALID_REQUEST_PARAMS", "limit must be 1 to 500, page 0 or more")
    if query.get("sortBy", "created_at") not in SORTED_BY or query.get("orderBy", "asc") not in ORDERS:
        raise LedgerError(400, "INVALID_REQUEST_PARAMS", "sortBy or orderBy is wrong")
    payments = ledger.listed(since, until, query.get("invoiceId"))
    if query.get("orderBy") == "desc":
        payments.reverse()
    on_page = payments[page * limit : (page + 1) * limit]
    counts = {"limit": limit, "page": page, "pagesCount": -(-len(payments) // limit), "total": len(payments)}
    return {"data": [payment.as_answered() for payment in on_page], **counts}


def _date(text: str | None) -> datetime | None:
    """A day as 2026-11-20, or a moment as ISO 8601. Raises `ValueError`."""
    moment = datetime.fromisoformat(text) if text else None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
