import pytest
from sqlmodel import Session, select

from core.catalogue.catalogue import prices_of
from core.kit.errors import NotAllowed, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.publication import edit_product, publish, unpublish
from core.orders.text_review import TextRules
from schemas.audit import AuditEntry
from tests.support import make, make_members


def test_publishing_needs_a_file_and_a_price(session: Session) -> None:
    shop = make.seller(session)
    owner = make.owner_of(session, shop)
    empty = make.product(session, shop, files=(), published=False)
    with pytest.raises(Refused, match="no-file"):
        publish(session, id_of(empty), actor_user=owner, now=make.NOW)
    free = make.product(session, shop, prices={}, published=False)
    with pytest.raises(Refused, match="no-price"):
        publish(session, id_of(free), actor_user=owner, now=make.NOW)


def test_only_the_seller_or_an_admin_publishes(session: Session) -> None:
    item = make.product(session)
    make.seller(session, stranger := make.user(session))
    for other in (make.user(session), make.user(session, roles=("support",)), stranger):
        with pytest.raises(NotAllowed):
            unpublish(session, id_of(item), actor_user=other, now=make.NOW)
    unpublish(session, id_of(item), actor_user=make.user(session, roles=("admin",)), now=make.NOW)
    assert item.status == "unpublished"


def test_a_plan_needs_a_channel_instead_of_a_file(session: Session) -> None:
    item = make_members.plan(session, published=False)
    owner = make.owner_of(session, make.seller_of(session, item))
    assert publish(session, id_of(item), actor_user=owner, now=make.NOW).status == "published"
    session.connection().exec_driver_sql("DELETE FROM plan_channel")
    with pytest.raises(Refused, match="no-channel"):
        publish(session, id_of(item), actor_user=owner, now=make.NOW)


def test_what_is_on_sale_already_is_put_there_once(session: Session) -> None:
    item = make.product(session)
    owner = make.owner_of(session, make.seller_of(session, item))
    for _ in range(2):
        assert publish(session, id_of(item), actor_user=owner, now=make.NOW) is item
    written = select(AuditEntry).where(AuditEntry.action == "product.published")
    assert len(session.exec(written).all()) == 1


def test_prices_stay_where_none_are_named_and_must_be_such_as_its_goods_can_have(session: Session) -> None:
    item = make_members.plan(session, recurring=True)
    owner, rules = make.owner_of(session, make.seller_of(session, item)), TextRules("none", "")
    known = prices_of(session, [id_of(item)])[id_of(item)]
    edit_product(
        session, id_of(item), title="Cut", description="", actor_user=owner, review=rules, now=make.NOW
    )
    assert (item.title, prices_of(session, [id_of(item)])[id_of(item)]) == ("Cut", known)
    with pytest.raises(Refused, match="plan-terms"):
        edit_product(
            session,
            id_of(item),
            title="Cut",
            description="",
            prices={"stars": [Money(10_001, "XTR")]},
            actor_user=owner,
            review=rules,
            now=make.NOW,
        )
