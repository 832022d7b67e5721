"""Takes rows away with all that hangs on them, down the references between tables."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, exists, select, tuple_
from sqlmodel import Session, SQLModel, col

from core.payments.papers import key_of
from schemas.catalogue import Product
from schemas.notifications import Notification
from schemas.papers import Paper, PaperSeries
from schemas.queue import Job
from schemas.sales import Order

Keys = set[tuple[Any, ...]]


def remove_products(session: Session, product_ids: Iterable[int]) -> int:
    """Delete products with their orders, grants, links, memberships and all else that names them; how many
    rows went. The audit log names rows in words, and keeps them."""
    rows_by_table = dependents(session, _table(Product), {(product_id,) for product_id in product_ids})
    count = 0
    for table in reversed(SQLModel.metadata.sorted_tables):
        if keys := rows_by_table.get(table):
            columns = tuple_(*table.primary_key.columns)
            count += len(session.execute(delete(table).where(columns.in_(keys)).returning(*columns)).all())
    return count


def paper_keys(session: Session, product_ids: Iterable[int]) -> list[str]:
    """Where the store keeps the papers of what was sold of these products."""
    papers = select(col(Paper.id)).join(Order, col(Order.id) == Paper.order_id)
    found = session.scalars(papers.where(col(Order.product_id).in_(list(product_ids))))
    return [key_of(paper_id) for paper_id in found]


def forget_empty_series(session: Session, seller_id: int) -> None:
    """Number a seller's papers from 1 again where none of that kind is left."""
    left = exists().where(col(Paper.seller_id) == PaperSeries.seller_id, col(Paper.kind) == PaperSeries.kind)
    session.execute(delete(PaperSeries).where(col(PaperSeries.seller_id) == seller_id, ~left))


def remove_traces(
    session: Session, people: Iterable[int], correlations: Iterable[str], since: datetime
) -> int:
    """Delete what these people were told since then, and finished jobs of these correlations; how many."""
    notices = delete(Notification).where(
        col(Notification.user_id).in_(list(people)), col(Notification.created_at) >= since
    )
    jobs = delete(Job).where(
        col(Job.correlation_id).in_(list(correlations)), col(Job.state).in_(("done", "cancelled", "dead"))
    )
    return sum(
        len(session.execute(step).all())
        for step in (notices.returning(col(Notification.id)), jobs.returning(col(Job.id)))
    )


def dependents(session: Session, root: Table, keys: Keys) -> dict[Table, Keys]:
    """The primary keys of these rows, and of all rows that refer to any of them, by table."""
    rows_by_table: dict[Table, Keys] = {root: keys}
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        for child in SQLModel.metadata.sorted_tables:
            new = _referring(session, child, parent, rows_by_table[parent]) - rows_by_table.get(child, set())
            if new:
                rows_by_table[child] = rows_by_table.get(child, set()) | new
                waiting.append(child)
    return rows_by_table


def _referring(session: Session, child: Table, parent: Table, keys: Keys) -> Keys:
    rows: Keys = set()
    for reference in child.foreign_keys:
        if reference.column.table is parent:
            place = list(parent.primary_key.columns).index(reference.column)
            named = [key[place] for key in keys]
            statement = select(*child.primary_key.columns).where(reference.parent.in_(named))
            rows |= {tuple(row) for row in session.execute(statement)}
    return rows


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
