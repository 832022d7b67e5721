"""What a person may do in a shop is asked by person, shop and act."""

import pytest
from sqlmodel import Session

from core.kit.errors import NotAllowed, NotFound
from core.kit.rows import id_of
from core.people.bans import ban
from core.people.shop_rights import require_in
from tests.support import make


def test_a_seller_may_in_their_own_shop_alone(session: Session) -> None:
    own, other = make.seller(session), make.seller(session, make.user(session, name="Zoe"))
    owner = make.owner_of(session, own)
    require_in(session, owner, id_of(own), "refund_sale", unknown="order-unknown")
    with pytest.raises(NotFound, match="order-unknown"):
        require_in(session, owner, id_of(other), "refund_sale", unknown="order-unknown")
    with pytest.raises(NotFound):
        require_in(session, make.user(session), id_of(own), "see_sale", unknown="order-unknown")


@pytest.mark.parametrize("role", ["support", "admin"])
def test_staff_may_in_every_shop(session: Session, role: str) -> None:
    person = make.user(session, roles=(role,))
    require_in(session, person, id_of(make.seller(session)), "refund_sale", unknown="order-unknown")


def test_a_ban_outweighs_owning_the_shop(session: Session) -> None:
    shop = make.seller(session)
    owner = make.owner_of(session, shop)
    ban(session, id_of(owner), actor="cli", reason="spam", now=make.NOW)
    session.refresh(owner)
    with pytest.raises(NotAllowed, match="banned"):
        require_in(session, owner, id_of(shop), "refund_sale", unknown="order-unknown")


def test_a_shop_that_is_suspended_still_gives_money_back_and_one_never_opened_has_nothing(
    session: Session,
) -> None:
    shop = make.seller(session)
    owner = make.owner_of(session, shop)
    shop.status = "suspended"
    session.flush()
    require_in(session, owner, id_of(shop), "refund_sale", unknown="order-unknown")
    shop.status = "pending"
    session.flush()
    with pytest.raises(NotFound):
        require_in(session, owner, id_of(shop), "refund_sale", unknown="order-unknown")
