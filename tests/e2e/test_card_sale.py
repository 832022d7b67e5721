"""A sale by card over real processes: Stripe's page, signed webhook, mail, claim, file in Telegram (D16)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from core.catalogue.products import set_rail_prices
from core.kit.money import Money
from schemas.catalogue import Product
from schemas.people import Seller
from schemas.sales import Payment
from scripts.bench.running_stack import MIB, UNHURRIED, RunningStack, links_in, running_stack
from scripts.embedded.stripe import take_cards
from scripts.sandbox.mail import HOST, MailServer, mail_server
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.support.waiting import wait_until

KEY = re.compile(r'name="key" value="([^"]+-card)"')
PAY = re.compile(r'href="(http://[^"]+/pay/cs_[^"]+)"')
CLAIM = re.compile(r"https://t\.me/\S+\?start=[\w-]+")
CONFIRM = re.compile(r"http://\S+(/mail/confirm/[\w-]+)")
ADDRESS = "ann@example.org"
SECRET = "whsec_of_the_sale"


@dataclass
class CardSale:
    """A shop that takes cards and sends mail; its product is `slug`."""

    shop: RunningStack
    stripe: StripeSandbox
    mail: MailServer
    slug: str

    def letters(self, pattern: re.Pattern[str]) -> list[str]:
        """What the pattern finds in the letters, the newest last."""
        bodies = [letter.get_body(("plain",)) for letter in self.mail.letters]
        texts = [str(body.get_content()) for body in bodies if body is not None]
        return [match[match.lastindex or 0] for text in texts if (match := pattern.search(text))]

    def statuses(self) -> list[tuple[str, str]]:
        """All payments by card: rail and state."""
        with self.shop.database.transaction() as session:
            rows = session.exec(select(Payment).where(Payment.rail == "card")).all()
            return sorted((row.provider_id[:3], row.status) for row in rows)


@pytest.fixture
def sale(tmp_path: Path) -> Iterator[CardSale]:
    stripe = StripeSandbox()
    stripe.start()
    try:
        with mail_server() as mail:
            settings = {
                **UNHURRIED,
                "RAIL_POLICY": "bot:stars;web:card",
                "STRIPE_SECRET_KEY": stripe.key,
                "STRIPE_ADDRESS": stripe.url,
                "STRIPE_WEBHOOK_SECRETS": SECRET,
                "SMTP_HOST": HOST,
                "SMTP_PORT": str(mail.port),
                "SMTP_ENCRYPTION": "none",
                "MAIL_FROM": "shop@example.org",
            }
            with running_stack(settings, size=MIB, folder=tmp_path, fsync=False) as shop:
                stripe.listen(f"{shop.stack.url}/webhooks/stripe", connect=True, secret=SECRET)
                yield CardSale(shop, stripe, mail, with_cards(shop, stripe))
    finally:
        stripe.stop()


def with_cards(shop: RunningStack, stripe: StripeSandbox) -> str:
    """Connect the seller's account, and put a price by card on the product; its slug."""
    with shop.database.transaction() as session:
        take_cards(session, session.exec(select(Seller)).one(), stripe.add_seller())
        set_rail_prices(session, shop.product_id, "card", [Money(999, "EUR")])
        return session.get_one(Product, shop.product_id).slug


def test_a_buyer_pays_by_card_hears_of_it_by_mail_and_gets_the_file_in_telegram(sale: CardSale) -> None:
    url = sale.shop.stack.url
    with httpx.Client(timeout=30, trust_env=False) as client:
        product = f"{url}/p/{sale.slug}"
        form = KEY.search(client.get(product).text)
        assert form is not None
        ordered = client.post(product, data={"rail": "card", "currency": "EUR", "key": form[1]})
        path = httpx.URL(ordered.headers["location"]).path
        order = url + path

        def stage() -> str:
            return str(client.get(f"{order}/status").json()["stage"])

        assert client.post(f"{order}/mail", data={"address": ADDRESS}).status_code == 303
        wait_until(lambda: sale.letters(CONFIRM), 60, "nobody asked whose address it is")
        assert client.post(url + sale.letters(CONFIRM)[0]).status_code == 200

        wait_until(lambda: stage() == "payable", 60, "the page of Checkout was not opened")
        pay = PAY.search(client.get(order).text)
        assert pay is not None
        paid = client.post(pay[1], data={"act": "ok"})
        back = paid.headers["location"]
        assert path.removeprefix("/o/") not in back
        wait_until(lambda: stage() == "ready", 60, "the payment did not arrive")
        assert httpx.URL(client.get(back).headers["location"]).path == path

        wait_until(lambda: sale.letters(CLAIM), 60, "no mail with the way in came")
        buyer = sale.shop.telegram.remote.person("Ann")
        buyer.starts(sale.letters(CLAIM)[-1])
        delivered = buyer.wait_for(lambda message: bool(links_in(message)), timeout=60)
        assert len(client.get(client.get(links_in(delivered)[0]).headers["location"]).content) == MIB
        wait_until(lambda: stage() == "delivered", 60, "the page does not tell of the delivery")
    assert sale.statuses() == [("cs_", "pending"), ("pi_", "confirmed")]
    assert set(sale.mail.addresses) == {ADDRESS}
