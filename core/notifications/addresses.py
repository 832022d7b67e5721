"""E-mail addresses: nothing but the question itself is sent to one that has not been confirmed.

A person gives an address in the app; whoever places a web order gives one on its page, and it becomes the
person's when the order is claimed. The two links of an address, to confirm it and to be left alone, are
derived by workers (R4), so that every attempt to send a mail sends the same one.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import NotFound, Refused
from core.kit.languages import unspoken
from core.kit.rows import id_of
from core.kit.tokens import TOKEN_LENGTH, derived_token, token_hash
from schemas import notification_jobs as jobs
from schemas.notifications import AddressState, MailAddress
from schemas.people import User
from schemas.sales import Order

CONFIRM_TTL = timedelta(days=3)
LONGEST = 254  # characters of an address (RFC 5321, 4.5.3.1.3, less the angle brackets)
# What mail servers take in practice: a dot-atom (RFC 5322, 3.2.3) at a domain of at least two labels.
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)


@dataclass(frozen=True)
class Question:
    """What the mail that asks whether an address is its reader's is made of."""

    address: str
    name: str
    language: str
    confirm_token: str
    stop_token: str


def clean_address(typed: str) -> str:
    """The address as mail servers take it, its domain in ASCII. Raises `Refused` "mail-address-wrong"."""
    local, at, domain = typed.strip().rpartition("@")
    try:
        domain = domain.rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        domain = ""
    clean = f"{local}@{domain}"
    if not (at and LOCAL.fullmatch(local) and len(local) <= 64 and DOMAIN.fullmatch(domain)):
        raise Refused("mail-address-wrong")
    if len(clean) > LONGEST:
        raise Refused("mail-address-wrong")
    return clean


def address_of(session: Session, user_id: int) -> MailAddress | None:
    """The address that a person gave, confirmed or not."""
    return session.exec(select(MailAddress).where(MailAddress.user_id == user_id)).one_or_none()


def give_address(session: Session, user_id: int, typed: str, *, now: datetime) -> MailAddress:
    """A person wants mail there: the address is asked to confirm it, unless it did. Raises `Refused`."""
    return _give(session, clean_address(typed), "user_id", user_id, now)


def give_order_address(session: Session, order: Order, typed: str, *, now: datetime) -> MailAddress:
    """Whoever waits for a web order wants mail about it. Raises `Refused`."""
    if order.buyer_id is not None:
        raise Refused("mail-order-claimed")
    return _give(session, clean_address(typed), "order_id", id_of(order), now)


def forget_address(session: Session, user_id: int) -> None:
    """Delete a person's address; nothing goes there any more."""
    session.execute(delete(MailAddress).where(col(MailAddress.user_id) == user_id))


def question(session: Session, address_id: int, issue: int, secret: str, *, now: datetime) -> Question | None:
    """Write down what the two links of an address must show, and return what its mail is made of.

    None where the address was confirmed, changed or forgotten since.
    """
    row = session.get(MailAddress, address_id, with_for_update=True)
    if row is None or row.issue != issue or row.confirmed_at is not None:
        return None
    confirm, stop = (
        derived_token(secret, word, str(address_id), str(issue)) for word in ("mail-confirm", "mail-stop")
    )
    row.confirm_hash, row.stop_hash = token_hash(confirm), token_hash(stop)
    row.confirm_until = row.confirm_until or now + CONFIRM_TTL
    session.add(row)
    user = session.get(User, row.user_id) if row.user_id else None
    order = session.get(Order, row.order_id) if row.order_id else None
    language = user.language if user else order.language if order else unspoken.unknown
    return Question(row.address, user.name if user else "", language, confirm, stop)


def stop_token(row: MailAddress, secret: str) -> str:
    """The token of the link by which an address wants no more mail."""
    return derived_token(secret, "mail-stop", str(id_of(row)), str(row.issue))


def confirm(session: Session, token: str, *, now: datetime) -> MailAddress:
    """The address is its reader's. Again, nothing more happens.

    Raises `NotFound` "mail-link-unknown", `Refused` "mail-link-expired".
    """
    row = _by_hash(session, "confirm_hash", token)
    if row.confirmed_at is not None:
        return row
    if row.confirm_until is None or row.confirm_until <= now:
        raise Refused("mail-link-expired")
    row.confirmed_at = now
    session.add(row)
    record(session, "web", "mail.confirmed", f"mail:{row.id}")
    if row.order_id is not None:
        mail_order_news(session, row.order_id)
    return row


def stop(session: Session, token: str, *, now: datetime) -> MailAddress:
    """No more mail goes to this address. Again, nothing more happens. Raises `NotFound`."""
    row = _by_hash(session, "stop_hash", token)
    if row.stopped_at is None:
        row.stopped_at = now
        session.add(row)
        record(session, "web", "mail.stopped", f"mail:{row.id}")
    return row


def find_stop(session: Session, token: str) -> MailAddress:
    """The address that a link of its mails names. Raises `NotFound` "mail-link-unknown"."""
    return _by_hash(session, "stop_hash", token)


def find_confirm(session: Session, token: str) -> MailAddress:
    """The address that the link of its first mail names. Raises `NotFound` "mail-link-unknown"."""
    return _by_hash(session, "confirm_hash", token)


def refused(session: Session, address_id: int, issue: int, reason: str, *, now: datetime) -> None:
    """The mail server says that there is no such address: nothing is sent there until it is given again."""
    row = session.execute(
        update(MailAddress)
        .where(col(MailAddress.id) == address_id, col(MailAddress.issue) == issue)
        .values(refused_at=now)
        .returning(col(MailAddress.id))
    ).one_or_none()
    if row is not None:
        record(session, "system", "mail.refused", f"mail:{address_id}", smtp=_smtp_code(reason))


def _smtp_code(answer: str) -> str | None:
    """The codes with which a mail server's answer begins (RFC 5321, 4.2; RFC 3463), without its words."""
    code = re.match(r"[245]\d\d( [245]\.\d{1,3}\.\d{1,3})?", answer)
    return code[0] if code else None


def adopt(session: Session, order_id: int, user_id: int) -> None:
    """A web order is claimed: its address is the person's, unless they have one, which stays."""
    row = session.exec(select(MailAddress).where(MailAddress.order_id == order_id)).one_or_none()
    if row is None:
        return
    if address_of(session, user_id) is not None:
        session.delete(row)
    else:
        row.user_id, row.order_id = user_id, None
        session.add(row)
    session.flush()


def mail_order_news(session: Session, order_id: int) -> None:
    """If a web order is paid, waits for its claim, and has a confirmed address: send the way in there."""
    waiting = session.exec(
        select(MailAddress.id)
        .join(Order, col(Order.id) == MailAddress.order_id)
        .where(
            MailAddress.order_id == order_id,
            col(MailAddress.confirmed_at).is_not(None),
            col(Order.paid_at).is_not(None),
            col(Order.buyer_id).is_(None),
        )
    ).one_or_none()
    if waiting is not None:
        enqueue(session, jobs.MailClaim(order_id=order_id).once())


def usable(row: MailAddress | None) -> bool:
    """Whether mail may be sent there."""
    return (
        row is not None and row.confirmed_at is not None and row.stopped_at is None and row.refused_at is None
    )


def state_of(row: MailAddress | None) -> AddressState:
    """Whether mail goes to an address, or why not."""
    if row is None:
        return "none"
    if usable(row):
        return "confirmed"
    if row.refused_at is not None:
        return "refused"
    return "stopped" if row.stopped_at is not None else "asked"


def _give(session: Session, address: str, owner: str, owner_id: int, now: datetime) -> MailAddress:
    values = {owner: owner_id, "address": address, "issue": 1, "created_at": now}
    new = insert(MailAddress).values(**values)
    session.execute(new.on_conflict_do_nothing(index_elements=[owner]))
    mine = select(MailAddress).where(getattr(MailAddress, owner) == owner_id)
    row = session.exec(mine.with_for_update().execution_options(populate_existing=True)).one()
    if row.address == address and usable(row):
        return row
    if row.confirm_hash is not None or row.address != address:  # the question was sent: this is a new one
        row.address, row.issue = address, row.issue + 1
        row.confirm_hash = row.stop_hash = None
        row.confirm_until = row.confirmed_at = row.stopped_at = row.refused_at = None
    session.add(row)
    session.flush()
    enqueue(session, jobs.ConfirmMail(address_id=id_of(row), issue=row.issue).once())
    return row


def _by_hash(session: Session, column: str, token: str) -> MailAddress:
    if len(token) != TOKEN_LENGTH:
        raise NotFound("mail-link-unknown")
    named = select(MailAddress).where(getattr(MailAddress, column) == token_hash(token))
    row = session.exec(named).one_or_none()
    if row is None:
        raise NotFound("mail-link-unknown")
    return row
