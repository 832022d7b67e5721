"""A stand-in for NOWPayments: real HTTP in both directions, driven by methods or by its pay page."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from scripts.embedded.lifetime import Startable
from scripts.sandbox.nowpayments.ledger import Ledger, Payment, ProviderStatus
from scripts.sandbox.nowpayments.notices import Sender
from scripts.sandbox.nowpayments.server import Server

ON_THE_WAY: tuple[ProviderStatus, ...] = ("waiting", "confirming", "confirmed", "sending")


@dataclass(frozen=True)
class Account:
    """The keys and the login of one account, which the shop gets and must prove to know."""

    api_key: str = field(default_factory=lambda: secrets.token_hex(16))
    ipn_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    email: str = "shop@sandbox.example"
    password: str = field(default_factory=lambda: secrets.token_hex(16))


class NowPaymentsSandbox(Startable):
    """A NOWPayments server on 127.0.0.1, in a thread. `port` 0: any free one."""

    def __init__(self, account: Account | None = None, port: int = 0, pause: float = 60.0) -> None:
        self.account = account or Account()
        self.ledger = Ledger()
        self.sender = Sender(self.account.ipn_secret, pause)
        self._server = Server(self, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which our processes find it."""
        return {
            "NOWPAYMENTS_URL": f"{self.url}/v1",
            "NOWPAYMENTS_API_KEY": self.account.api_key,
            "NOWPAYMENTS_IPN_SECRET": self.account.ipn_secret,
            "NOWPAYMENTS_EMAIL": self.account.email,
            "NOWPAYMENTS_PASSWORD": self.account.password,
        }

    def start(self) -> None:
        """Begin to answer requests."""
        self._thread.start()

    def stop(self) -> None:
        """End the server, and send no notice any more."""
        self.sender.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def chooses(self, invoice_id: str) -> Payment:
        """Let the buyer choose the coin and send none yet."""
        payment = self.ledger.start_payment(self.ledger.invoice(invoice_id))
        self._go(payment, "waiting")
        return payment

    def pays(self, invoice_id: str, share: Decimal = Decimal(1), *, late: bool = False) -> Payment:
        """Let the buyer send `share` of the coins due; `late`: after the payment has expired."""
        payment = self.ledger.start_payment(self.ledger.invoice(invoice_id))
        before: tuple[ProviderStatus, ...] = ("waiting", "expired") if late else ()
        payment_end: ProviderStatus = "finished" if share >= 1 else "partially_paid"
        self._go(payment, *before)
        payment.paid = payment.due * share
        on_the_way = ON_THE_WAY[1:] if late else ON_THE_WAY
        self._go(payment, *on_the_way, payment_end)
        return payment

    def pays_more(self, payment_id: int, share: Decimal) -> Payment:
        """Let the buyer send more to an earlier payment's address, `share` of what was due."""
        earlier = self.ledger.payment(payment_id)
        payment = self.ledger.start_payment(earlier.invoice, parent=earlier.id)
        payment.paid = payment.due * share
        self._go(payment, "confirming", "confirmed", "sending", "finished")
        return payment

    def fails(self, invoice_id: str) -> Payment:
        """Let a payment fail on the service's side."""
        payment = self.chooses(invoice_id)
        self._go(payment, "failed")
        return payment

    def expires(self, invoice_id: str) -> Payment:
        """Let the buyer choose a coin and never send it."""
        payment = self.chooses(invoice_id)
        self._go(payment, "expired")
        return payment

    def refunds(self, payment_id: int) -> None:
        """Let the service give a payment back."""
        self._go(self.ledger.payment(payment_id), "refunded")

    def _go(self, payment: Payment, *statuses: ProviderStatus) -> None:
        """Pass through statuses; a notice of each is signed as it is at that moment."""
        notices = []
        for status in statuses:
            payment.status, payment.updated = status, datetime.now(UTC)
            notices.append(self.sender.sign(payment.invoice.callback, payment.as_sent()))
        if payment.invoice.callback:
            self.sender.send(notices)
