"""Grants: what a paid order gives, kept until refund or revocation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.catalogue.catalogue import FileView, assets_by_product, file_views
from core.kit.names import number_of
from core.kit.pagination import Page, paginate
from core.kit.rows import id_of
from core.orders.fulfilment import OrderLine
from schemas.access import DownloadLink, Grant
from schemas.catalogue import Product

LIBRARY_PAGE = 6
DISPUTED = "dispute"
"""Why a grant has ended that a bank's decision may bring back."""
REFUNDED = "refund"
"""Why a grant has ended that stands again where its order does."""


@dataclass(frozen=True)
class LibraryLine:
    """One thing a person bought. A revoked one is shown, without files."""

    grant_id: int
    product_id: int
    title: str
    order_number: str
    bought_at: datetime
    files: list[FileView]
    revoked: bool


def grant_line(session: Session, line: OrderLine, *, now: datetime) -> Grant:
    """The one grant of a paid order; asked again, the same, and one that a refund ended stands again."""
    order = line.order
    statement = insert(Grant).values(
        order_id=order.id,
        buyer_id=line.recipient,
        product_id=order.product_id,
        kind=line.product.kind,
        created_at=now,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["order_id"])
    grant = session.scalars(statement.returning(Grant)).one_or_none()
    if grant is None:
        _restore(session, id_of(order), REFUNDED)
        return session.exec(select(Grant).where(Grant.order_id == order.id)).one()
    record(session, "system", "grant.made", f"grant:{grant.id}", order=id_of(order), user=line.recipient)
    return grant


def owned(session: Session, user_id: int, product_id: int) -> Grant | None:
    """The person's standing right to a product."""
    statement = select(Grant).where(
        Grant.buyer_id == user_id, Grant.product_id == product_id, col(Grant.revoked_at).is_(None)
    )
    return session.exec(statement.order_by(col(Grant.id).desc()).limit(1)).first()


def library(session: Session, user_id: int, *, page: int) -> Page[LibraryLine]:
    """What a person bought, newest first, with the files as they are now."""
    statement = (
        select(Grant, Product.title)
        .join(Product, col(Product.id) == Grant.product_id)
        .where(Grant.buyer_id == user_id, Grant.kind == "file")
        .order_by(col(Grant.created_at).desc(), col(Grant.id).desc())
    )
    return paginate(session, statement, lambda rows: _lines(session, rows), page=page, size=LIBRARY_PAGE)


def revoke(session: Session, grant_id: int, *, reason: str, now: datetime, actor: str = "system") -> bool:
    """End a grant and all its links; False when it had ended before."""
    ended = session.execute(
        update(Grant)
        .where(col(Grant.id) == grant_id, col(Grant.revoked_at).is_(None))
        .values(revoked_at=now, revoked_reason=reason)
        .returning(col(Grant.id)),
        execution_options={"synchronize_session": "fetch"},
    ).one_or_none()
    session.execute(
        update(DownloadLink)
        .where(col(DownloadLink.grant_id) == grant_id, col(DownloadLink.revoked_at).is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session="fetch")
    )
    if ended is not None:
        record(session, actor, "grant.revoked", f"grant:{grant_id}")  # why is on the grant
    return ended is not None


def grant_of(session: Session, order_id: int) -> Grant | None:
    """The grant that an order led to, ended or not."""
    return session.exec(select(Grant).where(Grant.order_id == order_id)).one_or_none()


def is_granted(session: Session, order_id: int) -> bool:
    """Whether the grant that an order led to still stands."""
    grant = grant_of(session, order_id)
    return grant is not None and grant.revoked_at is None


def revoke_order(session: Session, order_id: int, *, reason: str, now: datetime) -> bool:
    """End the grant of an order and all its links; False where none was ever made."""
    grant = grant_of(session, order_id)
    if grant is None:
        return False
    revoke(session, id_of(grant), reason=reason, now=now)
    return True


def put_aside_order(session: Session, order_id: int, *, now: datetime) -> bool:
    """End the grant of an order and all its links until `give_back_order`; False where none stands."""
    grant = grant_of(session, order_id)
    return grant is not None and revoke(session, id_of(grant), reason=DISPUTED, now=now)


def give_back_order(session: Session, order_id: int) -> bool:
    """Let the grant stand again that was put aside; False where it ended for another reason, or never did."""
    return _restore(session, order_id, DISPUTED)


def owners_of(session: Session, product_id: int) -> list[int]:
    """The ids of all standing grants of a product, oldest first."""
    statement = select(Grant.id).where(Grant.product_id == product_id, col(Grant.revoked_at).is_(None))
    return [grant_id for grant_id in session.exec(statement.order_by(col(Grant.id))) if grant_id is not None]


def _restore(session: Session, order_id: int, reason: str) -> bool:
    restored = session.execute(
        update(Grant)
        .where(
            col(Grant.order_id) == order_id,
            col(Grant.revoked_at).is_not(None),
            col(Grant.revoked_reason) == reason,
        )
        .values(revoked_at=None, revoked_reason="")
        .returning(col(Grant.id)),
        execution_options={"synchronize_session": "fetch"},
    ).one_or_none()
    if restored is None:
        return False
    record(session, "system", "grant.given-back", f"grant:{restored[0]}")
    return True


def _lines(session: Session, rows: Sequence[Any]) -> list[LibraryLine]:
    files: dict[int, list[Any]] = assets_by_product(session, {grant.product_id for grant, _ in rows})
    return [
        LibraryLine(
            grant_id=id_of(grant),
            product_id=grant.product_id,
            title=title,
            order_number=number_of(grant.order_id),
            bought_at=grant.created_at,
            files=[] if grant.revoked_at else file_views(files[grant.product_id]),
            revoked=grant.revoked_at is not None,
        )
        for grant, title in rows
    ]
