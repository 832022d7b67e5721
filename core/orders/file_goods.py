"""Files as goods: a grant of all files of a product, delivered as links that can be revoked."""

from datetime import datetime, timedelta

from sqlmodel import Session

from core.catalogue.catalogue import ProductView, current_assets
from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.kit.prices import Prices
from core.kit.rows import id_of, must_get
from core.orders.fulfilment import Choice, Description, OrderLine, Payee
from core.orders.grants import (
    REFUNDED,
    give_back_order,
    grant_line,
    is_granted,
    owned,
    put_aside_order,
    revoke_order,
)
from core.orders.orders import need_support, order_number
from schemas import jobs
from schemas.access import Grant
from schemas.catalogue import Product, ProductKind
from schemas.people import User
from schemas.sales import Order


class FileGoods:
    """A product of files, bought once and kept."""

    kind: ProductKind = "file"
    payee: Payee = "seller"
    personal = True
    holds_files = True

    def may_buy(self, session: Session, product: Product, person: User | None, *, now: datetime) -> None:
        """Raise `Refused` "already-owned" for whoever has it; the details say where."""
        grant = owned(session, id_of(person), id_of(product)) if person else None
        if grant is not None:
            order = must_get(session, Order, grant.order_id, "order-unknown")
            place: dict[str, str | int] = {"number": order_number(order), "order": id_of(order)}
            raise Refused("already-owned", place | {"product": id_of(product), "grant": id_of(grant)})

    def check_complete(self, session: Session, product: Product) -> None:
        """Raise `Refused` "no-file"."""
        if not current_assets(session, id_of(product)):
            raise Refused("no-file")

    def check_prices(self, session: Session, product: Product, prices: Prices) -> None:
        """A file is sold at any price."""

    def on_paid(self, session: Session, line: OrderLine, *, now: datetime) -> bool:
        """Grant and deliver; what the recipient had already is a matter for support as well."""
        if owned(session, line.recipient, id_of(line.product)) is not None:
            need_support(session, line.order, reason="paid-twice", now=now)
        grant_line(session, line, now=now)
        self.deliver(session, line, attempt=0)
        return True

    def on_refunded(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """End the grant and all its links."""
        revoke_order(session, id_of(line.order), reason=REFUNDED, now=now)

    def put_aside(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """End the grant and all its links for now."""
        put_aside_order(session, id_of(line.order), now=now)

    def give_back(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """The grant stands again; the library gives new links."""
        give_back_order(session, id_of(line.order))

    def is_in_force(self, session: Session, line: OrderLine) -> bool:
        """Whether its grant stands."""
        return is_granted(session, id_of(line.order))

    def deliver(self, session: Session, line: OrderLine, *, attempt: int) -> None:
        """Send the links of the order."""
        enqueue(session, jobs.Deliver(order_id=id_of(line.order)).of_attempt(attempt))

    def resend(self, session: Session, line: OrderLine, grant: Grant) -> None:
        """Send links to all files of the grant."""
        enqueue(session, jobs.SendLinks(grant_id=id_of(grant), occasion="resend"))

    def claim_again(self, session: Session, line: OrderLine, person: User, *, now: datetime) -> None:
        """Nothing: the library gives new links at any time."""

    def renewal_period(self, session: Session, product: Product) -> timedelta | None:
        """A file is paid once."""
        return None

    def describe(self, session: Session, product: ProductView) -> Description:
        """The files, by name and size."""
        return Description(product.files, [])

    def choices(self, session: Session, product: ProductView, *, now: datetime) -> list[Choice]:
        """There is but one."""
        return []
