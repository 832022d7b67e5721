"""The proof that a sale was delivered, gathered from what the shop has written down, for the buyer's bank."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from core.kit.money import Money
from core.orders.orders import order_number
from core.orders.receipts import Receipt, receipt
from schemas.access import Download, DownloadLink, Grant, OrderClaim
from schemas.catalogue import Asset
from schemas.membership import Channel, Membership, MembershipPeriod, RosterEntry
from schemas.people import User
from schemas.sales import Order
from schemas.support import SupportAnswer, SupportQuestion

MOST = 200  # events of one kind; a bank reads no more


@dataclass(frozen=True)
class Event:
    """Something that happened, in words that a bank reads."""

    at: datetime
    words: str


@dataclass(frozen=True)
class EvidenceFacts:
    """What a sale was, who bought it, and all that shows that they got it, oldest first."""

    number: str
    shop: str
    title: str
    description: str
    price: Money
    payment: str
    ordered_at: datetime
    paid_at: datetime | None
    waived_at: datetime | None
    buyer: str
    telegram: str
    events: list[Event]


def gather(session: Session, order: Order, description: str) -> EvidenceFacts:
    """All that the shop knows of how an order was delivered; `description`: of what was sold."""
    paper: Receipt = receipt(session, order)
    buyer = session.get(User, order.buyer_id) if order.buyer_id is not None else None
    telegram = str(buyer.telegram_id) if buyer else ""
    if buyer and buyer.username:
        telegram = f"@{buyer.username}, {telegram}"
    events = [
        *_of_order(order),
        *_of_claims(session, order),
        *_of_links(session, order),
        *_of_downloads(session, order),
        *_of_memberships(session, order, buyer),
        *_of_questions(session, order),
    ]
    return EvidenceFacts(
        number=order_number(order),
        shop=paper.seller_name,
        title=paper.title,
        description=description,
        price=paper.price,
        payment=paper.provider_id,
        ordered_at=order.created_at,
        paid_at=order.paid_at,
        waived_at=order.waived_at,
        buyer=buyer.name if buyer else "",
        telegram=telegram,
        events=sorted(events, key=lambda event: event.at),
    )


def _of_order(order: Order) -> Iterable[Event]:
    yield Event(order.created_at, f"The buyer placed order {order_number(order)} on the shop’s website.")
    if order.waived_at is not None:
        words = "The buyer agreed to immediate delivery and waived the right of withdrawal."
        yield Event(order.waived_at, words)
    if order.paid_at is not None:
        yield Event(order.paid_at, "The payment was confirmed.")
    if order.delivered_at is not None:
        yield Event(
            order.delivered_at, "The shop’s bot delivered what was bought, in a message to the buyer."
        )


def _of_claims(session: Session, order: Order) -> Iterable[Event]:
    claims = select(OrderClaim.claimed_at).where(
        OrderClaim.order_id == order.id, col(OrderClaim.claimed_at).is_not(None)
    )
    for at in session.exec(claims.limit(MOST)):
        if at is not None:
            yield Event(at, "The buyer opened the order’s own link and claimed it with a Telegram account.")


def _of_links(session: Session, order: Order) -> Iterable[Event]:
    links = (
        select(DownloadLink.created_at, Asset.name)
        .join(Grant, col(Grant.id) == DownloadLink.grant_id)
        .join(Asset, col(Asset.id) == DownloadLink.asset_id)
        .where(Grant.order_id == order.id)
        .order_by(col(DownloadLink.created_at))
    )
    for at, name in session.exec(links.limit(MOST)):
        yield Event(at, f"A personal download link to “{name}” was sent to the buyer.")


def _of_downloads(session: Session, order: Order) -> Iterable[Event]:
    clicks = (
        select(Download.minute, Download.client, Download.network, Asset.name)
        .join(DownloadLink, col(DownloadLink.id) == Download.link_id)
        .join(Grant, col(Grant.id) == DownloadLink.grant_id)
        .join(Asset, col(Asset.id) == DownloadLink.asset_id)
        .where(Grant.order_id == order.id)
        .order_by(col(Download.minute))
    )
    for at, client, network, name in session.exec(clicks.limit(MOST)):
        place = f" in the network {network}" if network else ""
        yield Event(at, f"“{name}” was downloaded by the buyer’s link, from the device {client[:8]}{place}.")


def _of_memberships(session: Session, order: Order, buyer: User | None) -> Iterable[Event]:
    if buyer is None:
        return
    joins = (
        select(RosterEntry.joined_at, Channel.title, MembershipPeriod.created_at)
        .join(Membership, col(Membership.id) == RosterEntry.membership_id)
        .join(MembershipPeriod, col(MembershipPeriod.membership_id) == Membership.id)
        .join(Channel, col(Channel.id) == RosterEntry.channel_id)
        .where(MembershipPeriod.order_id == order.id, RosterEntry.telegram_id == buyer.telegram_id)
    )
    for joined_at, title, given_at in session.exec(joins.limit(MOST)):
        yield Event(given_at, f"Access to the channel “{title}” was given to the buyer’s account.")
        if joined_at is not None:
            yield Event(joined_at, f"The buyer’s account joined the channel “{title}”.")


def _of_questions(session: Session, order: Order) -> Iterable[Event]:
    asked = select(SupportQuestion).where(SupportQuestion.order_id == order.id).limit(MOST)
    for question in session.exec(asked):
        yield Event(question.asked_at, f"The buyer wrote to the shop: “{question.words}”")
        answers = select(SupportAnswer).where(SupportAnswer.question_id == question.id).limit(MOST)
        for answer in session.exec(answers):
            yield Event(answer.created_at, f"The shop answered: “{answer.words}”")
