"""A shop's members as its seller and staff see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Text, cast, func, or_
from sqlmodel import Session, col, select

from core.kit.names import clean_text
from core.kit.pagination import Page, paginate
from core.kit.rows import id_of, must_get
from core.memberships.queries import bought
from schemas.catalogue import Product
from schemas.membership import EndedBy, Membership, MembershipState, PutOutReason
from schemas.people import User

MEMBERS_PER_PAGE = 10


@dataclass(frozen=True)
class MemberLine:
    """A member as the seller sees them."""

    membership_id: int
    user_id: int
    telegram_id: int
    name: str
    username: str | None
    plan_id: int
    plan: str
    state: MembershipState
    ends_at: datetime | None
    ended_by: EndedBy
    ended_for: PutOutReason | Literal[""]
    barred: bool

    @property
    def is_endless(self) -> bool:
        """Whether they hold it for ever."""
        return self.state == "active" and self.ends_at is None


def members_of_shop(
    session: Session,
    seller_id: int | None,
    words: str = "",
    *,
    page: int,
    plan_id: int | None = None,
    states: Collection[str] = (),
) -> Page[MemberLine]:
    """Members of a shop or of all, of one plan, in some states, with some words in their name or by their
    Telegram id; newest first."""
    statement = (
        select(Membership, User, Product.title)
        .join(User, col(User.id) == Membership.user_id)
        .join(Product, col(Product.id) == Membership.plan_id)
        .where(*bought())
    )
    if seller_id is not None:
        statement = statement.where(Product.seller_id == seller_id)
    if plan_id is not None:
        statement = statement.where(Membership.plan_id == plan_id)
    if states:
        statement = statement.where(col(Membership.state).in_(states))
    for word in clean_text(words).split()[:4]:
        statement = statement.where(
            or_(
                col(User.name).icontains(word, autoescape=True),
                func.coalesce(User.username, "").icontains(word.removeprefix("@"), autoescape=True),
                cast(User.telegram_id, Text) == word,
            )
        )
    statement = statement.order_by(col(Membership.created_at).desc(), col(Membership.id).desc())
    return paginate(session, statement, _lines, page=page, size=MEMBERS_PER_PAGE)


def member_line(session: Session, membership_id: int) -> MemberLine:
    """One member as the seller sees them. Raises `NotFound`."""
    row = must_get(session, Membership, membership_id, "membership-unknown")
    user = must_get(session, User, row.user_id, "person-unknown")
    title = session.exec(select(Product.title).where(Product.id == row.plan_id)).one()
    return _lines([(row, user, title)])[0]


def _lines(rows: Sequence[Any]) -> list[MemberLine]:
    return [
        MemberLine(
            membership_id=id_of(row),
            user_id=id_of(user),
            telegram_id=user.telegram_id,
            name=user.name,
            username=user.username,
            plan_id=row.plan_id,
            plan=title,
            state=row.state,
            ends_at=row.ends_at,
            ended_by=row.ended_by,
            ended_for=row.ended_for,
            barred=row.barred_at is not None,
        )
        for row, user, title in rows
    ]
