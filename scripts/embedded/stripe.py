"""The stand-in for Stripe as a part of the stack, in a process of its own, with its webhooks set up."""

import json
import secrets
import signal
import sys
from http.client import OK
from pathlib import Path
from typing import Any

import urllib3
from sqlmodel import Session

from core.kit.rows import id_of
from core.payments.rails.stripe.accounts import RAIL, begin
from schemas.base import utc_now
from schemas.people import Seller
from scripts.embedded.ports import LOOPBACK, accepts, free_port
from scripts.embedded.process import Process, Server, StackError

WEBHOOK = "/webhooks/stripe"


class StripeServer(Server):
    """A process of the Stripe sandbox that tells the shop at `shop_url`. What it knows lives in memory."""

    name = "stripe"

    def __init__(self, data: Path, log: Path, shop_url: str) -> None:
        super().__init__(data, log)
        self._shop_url = shop_url
        self._port = free_port()
        self._key = f"sk_test_{secrets.token_hex(16)}"
        self._client = f"ca_{secrets.token_hex(8)}"
        self._secrets = [f"whsec_{secrets.token_hex(16)}" for _ in range(2)]

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which our processes find it."""
        return {
            "STRIPE_SECRET_KEY": self._key,
            "STRIPE_CLIENT_ID": self._client,
            "STRIPE_WEBHOOK_SECRETS": ",".join(self._secrets),
            "STRIPE_ADDRESS": self.url,
        }

    def start(self) -> None:
        """Start it, wait until it answers, and have it tell the shop of its own account and of sellers'."""
        process = Process(
            self.name,
            [sys.executable, "-m", "scripts.sandbox.stripe", "--port", str(self._port)],
            self.log,
            environment={name: self.environment[name] for name in ("STRIPE_SECRET_KEY", "STRIPE_CLIENT_ID")},
            death_signal=signal.SIGKILL,
        )
        self._run(process, lambda: accepts(self._port))
        for secret, connect in zip(self._secrets, (False, True), strict=True):
            self.ask("listen", url=self._shop_url + WEBHOOK, connect=connect, secret=secret)

    def ask(self, verb: str, **arguments: Any) -> Any:
        """Have the stand-in do one of the driver's verbs; its answer. Raises `StackError`."""
        body, headers = json.dumps(arguments).encode(), {"authorization": f"Bearer {self._key}"}
        made = urllib3.request(
            "POST", f"{self.url}/sandbox/{verb}", body=body, headers=headers, retries=False
        )
        if made.status != OK:
            raise StackError(f"The loopback Stripe does not do {verb!r}: {made.data.decode()[:200]}")
        return made.json()["answer"]


def take_cards(session: Session, seller: Seller, account: str) -> None:
    """Have a seller paid on an account that the stand-in has, as after its form."""
    row = begin(session, id_of(seller), now=utc_now())
    row.account_id, row.state = account, "active"
    seller.rails = [*seller.rails, RAIL]
    session.add_all((row, seller))
