"""What tests have done to a running shop that no page can do: people come, fees are paid, sessions end."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.kit.money import Money
from core.kit.rows import id_of
from core.notifications import addresses
from core.orders.expiry import expire
from core.people.shop_fees import set_fee, suspend
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.notifications import MailAddress
from schemas.people import Seller, User
from schemas.sales import Order
from schemas.uploads import MiniAppSession, Upload
from tests.miniapp import circle
from tests.miniapp.web_pages import web_pages
from tests.support import make
from workers.store import S3Store

LATER = timedelta(days=2)  # by which an unpaid order has expired


def new_seller(session: Session) -> dict[str, Any]:
    """Somebody new with a shop and a draft in it."""
    owner = make.user(session, name="Awa & Ko")
    item = make.product(session, make.seller(session, owner), files=(), published=False)
    return {"telegram_id": owner.telegram_id, "name": owner.name, "product": item.id}


def closed_seller(session: Session) -> dict[str, Any]:
    """Somebody new whose shop had something on sale, and is closed because of its monthly fee."""
    owner = make.user(session, name="Awa & Ko")
    item = make.product(session, make.seller(session, owner))
    price = {"stars": [Money(300, "XTR")]}
    suspend(session, set_fee(session, item.seller_id, price, actor="cli", now=utc_now()), now=utc_now())
    return {"telegram_id": owner.telegram_id, "name": owner.name}


def new_member(session: Session) -> dict[str, Any]:
    """Somebody new with a membership in every state."""
    person = circle.new_member(session, utc_now())
    return {
        "telegram_id": person.telegram_id,
        "name": person.name,
        "memberships": circle.memberships_of(session, person),
    }


def new_person(session: Session) -> dict[str, Any]:
    """Somebody new who has nothing."""
    person = make.user(session, name="Awa & Ko")
    return {"telegram_id": person.telegram_id, "name": person.name}


def language(session: Session, telegram_id: int) -> str:
    """The language that somebody is written to in."""
    return session.exec(select(User.language).where(User.telegram_id == telegram_id)).one()


def answer_mail(session: Session, telegram_id: int, answer: str) -> None:
    """What becomes of the only mail that asked a person whether an address is theirs."""
    row = session.exec(
        select(MailAddress)
        .join(User, col(User.id) == MailAddress.user_id)
        .where(User.telegram_id == telegram_id)
    ).one()
    if answer == "bounced":
        addresses.refused(session, id_of(row), row.issue, "550 no such user", now=utc_now())
        return
    mail = addresses.question(session, id_of(row), row.issue, make.SECRET, now=utc_now())
    assert mail is not None
    addresses.confirm(session, mail.confirm_token, now=utc_now())
    if answer == "stopped":
        addresses.stop(session, mail.stop_token, now=utc_now())


def uploads(session: Session, telegram_id: int) -> list[dict[str, str]]:
    """Purpose and state of all uploads of a person."""
    rows = select(Upload.purpose, Upload.state).join(User, col(User.id) == Upload.user_id)
    mine = session.exec(rows.where(User.telegram_id == telegram_id))
    return [{"purpose": purpose, "state": state} for purpose, state in mine]


def end_sessions(session: Session, telegram_id: int) -> None:
    """Let every session of a person run out."""
    person = select(User.id).where(User.telegram_id == telegram_id).scalar_subquery()
    session.execute(
        update(MiniAppSession).where(col(MiniAppSession.user_id) == person).values(expires_at=utc_now())
    )


def pay_fee(session: Session, product: int) -> None:
    """Pay the listing fee of a product."""
    make.pay(session, _order_of_fee(session, product), now=utc_now())


def give_up_fee(session: Session, product: int) -> None:
    """Order the listing fee of a product and let the order expire."""
    _order_of_fee(session, product)
    expire(session, now=utc_now() + LATER)


def forget(session: Session, store: S3Store, product: int) -> None:
    """The store loses the parts of a product's uploads; the shop is not told."""
    rows = select(Upload).where(Upload.product_id == product, Upload.state == "open")
    for upload in session.exec(rows):
        if upload.store_upload_id is not None:
            store.multipart.abort(upload.key, upload.store_upload_id)


ACTS: Mapping[str, Callable[..., Any]] = {
    "new_seller": new_seller,
    "closed_seller": closed_seller,
    "new_member": new_member,
    "new_person": new_person,
    "language": language,
    "answer_mail": answer_mail,
    "uploads": uploads,
    "web_pages": web_pages,
    "end_sessions": end_sessions,
    "pay_fee": pay_fee,
    "give_up_fee": give_up_fee,
}


def _order_of_fee(session: Session, product: int) -> Order:
    fee, owner = session.exec(
        select(Product, User)
        .join(Seller, col(Seller.id) == Product.seller_id)
        .join(User, col(User.id) == Seller.user_id)
        .where(Product.listing_of == product)
    ).one()
    return make.order(session, fee, owner, now=utc_now())
