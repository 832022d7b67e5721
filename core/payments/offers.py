"""What each place may show of a product, and how it may be bought there: decided here alone, and logged (P6).

A place is where somebody reads; its entry is what RAIL_POLICY speaks of. Whatever is read inside Telegram,
the Mini App and inline results included, follows the policy of "bot": Telegram's developer terms 6.2 speak of
all of them. A price belongs to a rail, so a place shows no price of a rail that is not offered there. Sellers
and staff see all prices of what they manage, which offers nothing to anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import quote

import structlog
from sqlmodel import Session

from core.audit.record import record
from core.kit.money import Money
from core.kit.prices import Prices, amounts_of, currencies_of, one_by_one
from core.kit.rail_policy import RAILS, Policy, prices_offered
from core.kit.rows import id_of
from core.orders.fulfilment import goods_of
from core.payments.rails.port import rail_of
from core.process.settings import Settings
from schemas.catalogue import ProductKind
from schemas.people import User
from schemas.sales import Entry

Place = Literal["chat", "miniapp", "inline", "web"]

ENTRY_OF: Mapping[Place, Entry] = {"chat": "bot", "miniapp": "bot", "inline": "bot", "web": "web"}

log = structlog.get_logger(__name__)


class ForSale(Protocol):
    """What decides about an offer; the cards of products and of plans have it.

    `prices` by rail; `rails`: those that its payee takes; `on_sale`: published, by a shop that is open.
    """

    @property
    def id(self) -> int:
        """The product's id."""

    @property
    def slug(self) -> str:
        """Its public name."""

    @property
    def kind(self) -> ProductKind:
        """The kind of goods."""

    @property
    def prices(self) -> Prices:
        """All its prices."""

    @property
    def rails(self) -> Sequence[str]:
        """The rails of whoever is paid: its seller, or the operator's own shop."""

    @property
    def on_sale(self) -> bool:
        """Whether anybody can buy it."""


@dataclass(frozen=True)
class Offers:
    """A product as it may be bought at one place.

    `prices` by rail: all that may be shown there. An order on one of the rails of `here` is placed right
    there; those of `on_site` lead to `site`, the product's page of the web checkout, which `asks` in which
    currency where it has several.
    """

    product_id: int
    place: Place
    prices: Prices
    here: tuple[str, ...]
    on_site: tuple[str, ...]
    site: str
    asks: bool

    @property
    def rails(self) -> tuple[str, ...]:
        """All rails, in the order of the policy."""
        return tuple(self.prices)

    @property
    def amounts(self) -> list[Money]:
        """All prices, each once: several rails often have the same."""
        return amounts_of(self.prices)

    def site_in(self, currency: str) -> str:
        """The address of the web checkout; where it asks several currencies, with this one chosen."""
        return f"{self.site}?currency={currency}" if self.asks else self.site


def prices_at(
    policy: Policy, entry: Entry, kind: str, taken: Sequence[str], prices: Prices
) -> dict[str, list[Money]]:
    """The prices at which goods may be paid at an entry, by rail that the policy allows there.

    `taken`: those of whoever is paid. The operator is paid by any, but by one that pays a shop directly only
    where the operator's own shop takes it.
    """
    return prices_offered(policy, entry, payable_on(kind, taken), prices)


def payable_on(kind: str, taken: Sequence[str]) -> Sequence[str]:
    """The rails on which goods may be paid, wherever: `taken` as above."""
    if goods_of(kind).payee == "operator":
        return [name for name in RAILS if name in taken or rail_of(name).holder != "seller"]
    return taken


def offers_of(product: ForSale, place: Place, *, policy: Policy, settings: Settings) -> Offers:
    """What a place may show of a product and offer there; nothing of what is not on sale.

    What a place in Telegram cannot take itself it leads to the site for, where that is allowed twice: to be
    offered in Telegram, and to be paid on the web.
    """
    entry = ENTRY_OF[place]
    terms = product.kind, product.rails, product.prices
    allowed = prices_at(policy, entry, *terms) if product.on_sale else {}
    site = f"{settings.public_url}/p/{quote(product.slug)}" if _leads_to_site(place, settings) else ""
    on_web = prices_at(policy, "web", *terms) if site else {}
    ways = {rail: rail_of(rail).offer(entry, settings) for rail in allowed}
    here = tuple(rail for rail in allowed if ways[rail] == "here")
    on_site = tuple(rail for rail in allowed if ways[rail] == "site" and rail in on_web)
    prices = {rail: each for rail, each in allowed.items() if rail in (*here, *on_site)}
    asks = len(currencies_of(on_web)) > 1
    return Offers(product.id, place, prices, here, on_site, site if on_site else "", asks)


def note_offers(session: Session, person: User, offers: Offers) -> None:
    """Write into the audit log what a person is offered: one entry for each time it is shown."""
    if offers.prices:
        subject = f"product:{offers.product_id}"
        record(
            session,
            f"user:{id_of(person)}",
            "rail.offered",
            subject,
            entry=ENTRY_OF[offers.place],
            place=offers.place,
            offered=",".join(offers.rails),
            prices=offers.prices,
        )


def log_offers(several: Sequence[Offers]) -> None:
    """Log what is shown to many, or to somebody unknown: lists, inline results, web pages.

    It goes to the process log: a page that anybody can open must not make rows. The audit log has the order
    that follows, with what was offered.
    """
    for offers in several:
        if offers.prices:
            log.info("rail_offered", product=offers.product_id, **_facts(offers))


def _facts(offers: Offers) -> dict[str, str]:
    prices = ",".join(f"{rail}={price}" for rail, price in one_by_one(offers.prices))
    entry = ENTRY_OF[offers.place]
    return {"entry": entry, "place": offers.place, "offered": ",".join(offers.rails), "prices": prices}


def _leads_to_site(place: Place, settings: Settings) -> bool:
    """Whether a place can open the web checkout: buttons in a chat take nothing but https."""
    needs_https = place in ("chat", "inline")
    return settings.public_url.startswith("https://" if needs_https else "http")
