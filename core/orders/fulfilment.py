"""What a paid order gives: the one place where kinds of goods differ.

A kind (a file, a membership, a listing fee) is one object that registers itself here under its name
(`core.wiring`). Whoever sells, charges, refunds or shows goods asks the kind, and never its name, so that a
new kind is one new file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from sqlmodel import Session

from core.catalogue.catalogue import FileView, ProductView, check_shop_open
from core.kit.errors import Refused
from core.kit.permissions import require
from core.kit.prices import Prices
from core.kit.rows import must_get
from schemas.access import Grant
from schemas.catalogue import Product, ProductKind
from schemas.people import Seller, User
from schemas.sales import Order

Payee = Literal["seller", "operator"]


@dataclass(frozen=True)
class OrderLine:
    """One thing that an order pays for, and the person who gets it.

    Today an order has one line, whose recipient is its buyer. `recipient_id` None: it was paid on the web,
    and nobody has claimed it yet.
    """

    order: Order
    product: Product
    recipient_id: int | None

    @property
    def recipient(self) -> int:
        """The person who gets it, once known."""
        assert self.recipient_id is not None, f"nobody has claimed order {self.order.id}"
        return self.recipient_id


@dataclass(frozen=True)
class Fact:
    """One line about goods: the name of a text in `core/locales`, and what fills it."""

    text: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    """What a buyer gets, for every card and page that shows goods: files, and facts in order."""

    files: list[FileView]
    facts: list[Fact]


@dataclass(frozen=True)
class Choice:
    """One of several terms for which the same goods are sold, a product of its own; `term`: for how long."""

    product: ProductView
    term: Fact


class Goods(Protocol):
    """A kind of goods. `payee`: to whom the price belongs; `personal`: whether a person receives it (what
    is not takes effect by being paid, whoever paid); `holds_files`: whether files can be uploaded to it.
    """

    kind: ProductKind
    payee: Payee
    personal: bool
    holds_files: bool

    def may_buy(self, session: Session, product: Product, person: User | None, *, now: datetime) -> None:
        """Raise `Refused` unless the person may have the product; None: somebody on the web whom we do not
        know yet, who is asked about again at the claim."""

    def check_complete(self, session: Session, product: Product) -> None:
        """Raise `Refused` where something is missing without which nothing could be delivered."""

    def check_prices(self, session: Session, product: Product, prices: Prices) -> None:
        """Raise `Refused` where it cannot be sold at these prices, whatever their rails say of them."""

    def on_paid(self, session: Session, line: OrderLine, *, now: datetime) -> bool:
        """Give what was paid, in the transaction that knows it; once for each order, and again where its
        money went back and came again. False where it cannot be given, which staff and the buyer have then
        been told."""

    def on_refunded(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """The money went back: end what the line gave. What was never given ends nothing."""

    def put_aside(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """A bank disputes the money: nobody may use what the line gave before `give_back`."""

    def give_back(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """The money is the seller's again, and what was put aside can be used; what ended stays ended."""

    def is_in_force(self, session: Session, line: OrderLine) -> bool:
        """Whether what this line gave still stands: asked once its money went back, when nothing may."""

    def deliver(self, session: Session, line: OrderLine, *, attempt: int) -> None:
        """Have a paid line brought to its recipient; 0 is the first attempt, each is made once."""

    def resend(self, session: Session, line: OrderLine, grant: Grant) -> None:
        """Have brought once more what was delivered before."""

    def claim_again(self, session: Session, line: OrderLine, person: User, *, now: datetime) -> None:
        """The recipient opens the claim of a delivered order once more: bring again what does not last."""

    def renewal_period(self, session: Session, product: Product) -> timedelta | None:
        """How often the price is charged again, None where it is paid once."""

    def describe(self, session: Session, product: ProductView) -> Description:
        """What a buyer gets."""

    def choices(self, session: Session, product: ProductView, *, now: datetime) -> list[Choice]:
        """The several terms for which the same is sold now, the shortest first and this one among them; none
        where there is but one."""


_KINDS: dict[str, Goods] = {}


def register(goods: Goods) -> None:
    """Make a kind of goods known to this process; a second of the same name takes its place."""
    _KINDS[goods.kind] = goods


def goods_of(kind: str) -> Goods:
    """The kind of this name."""
    assert kind in _KINDS, f"no goods of kind {kind!r}: does this process call core.wiring.connect?"
    return _KINDS[kind]


def awaits_person(line: OrderLine) -> bool:
    """Whether it can be given to nobody yet: it is for a person, and nobody has claimed it."""
    return goods_of(line.product.kind).personal and line.recipient_id is None


def line_of(session: Session, order: Order) -> OrderLine:
    """The line of an order."""
    product = must_get(session, Product, order.product_id, "product-unknown")
    return OrderLine(order, product, order.buyer_id)


def check_buyer(session: Session, product: Product, seller: Seller, person: User, *, now: datetime) -> None:
    """Whether this person may have the product: asked when it is ordered, and when it is claimed.

    Raises `NotAllowed` for a banned person; `NotFound` "shop-closed", also where the shop was closed after
    the order; `Refused` "own-product", and as the kind's `may_buy`. The person's row is locked, so that two
    presses at once wait for each other.
    """
    require(person.roles, "buy")
    check_shop_open(session, product)
    goods = goods_of(product.kind)
    if goods.payee == "seller" and seller.user_id == person.id:
        raise Refused("own-product")
    must_get(session, User, person.id, "person-unknown", lock=True)
    goods.may_buy(session, product, person, now=now)
