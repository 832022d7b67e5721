from sqlmodel import Session

from core.kit.rows import id_of
from core.orders.fulfilment import line_of
from core.orders.grants import (
    give_back_order,
    grant_line,
    library,
    owned,
    owners_of,
    put_aside_order,
    revoke,
)
from schemas.access import Grant
from schemas.sales import Order
from tests.support import make


def order_of(session: Session, grant: Grant) -> Order:
    return session.get_one(Order, grant.order_id)


def test_an_order_has_one_grant_however_often_it_is_granted(session: Session) -> None:
    grant = make.grant(session)
    again = grant_line(session, line_of(session, order_of(session, grant)), now=make.NOW)
    assert again.id == grant.id


def test_a_person_owns_what_was_granted_until_it_is_revoked(session: Session) -> None:
    grant = make.grant(session)
    assert owned(session, grant.buyer_id, grant.product_id) is grant
    assert owned(session, id_of(make.user(session)), grant.product_id) is None
    assert [revoke(session, id_of(grant), reason="abus", now=make.NOW) for _ in range(2)] == [True, False]
    assert owned(session, grant.buyer_id, grant.product_id) is None
    assert grant.revoked_reason == "abus"


def test_revoking_ends_every_link_of_the_grant_and_no_other(session: Session) -> None:
    grant = make.grant(session)
    ended = [make.link(session, grant)[0] for _ in range(2)]
    other, _ = make.link(session)
    revoke(session, id_of(grant), reason="abus", now=make.NOW)
    assert [link.revoked_at for link in (*ended, other)] == [make.NOW, make.NOW, None]


def test_the_library_lists_purchases_newest_first_with_the_files_of_today(session: Session) -> None:
    buyer = make.user(session)
    first = make.grant(session, make.product(session, title="Un", files=("a.pdf", "b.pdf")), buyer)
    second = make.grant(session, make.product(session, title="Deux"), buyer)
    make.grant(session)
    lines = library(session, id_of(buyer), page=1).items
    assert [(line.grant_id, line.title) for line in lines] == [(second.id, "Deux"), (first.id, "Un")]
    assert [file.name for file in lines[1].files] == ["a.pdf", "b.pdf"]
    assert lines[1].order_number == f"CMT-{first.order_id:06d}"


def test_a_revoked_purchase_stays_in_the_library_without_files(session: Session) -> None:
    grant = make.grant(session)
    revoke(session, id_of(grant), reason="refund", now=make.NOW)
    (line,) = library(session, grant.buyer_id, page=1).items
    assert (line.revoked, line.files) == (True, [])


def test_owners_of_a_product_are_those_whose_grant_stands(session: Session) -> None:
    item = make.product(session)
    other, lost = make.grant(session, item), make.grant(session, item)
    make.grant(session)
    revoke(session, id_of(lost), reason="refund", now=make.NOW)
    assert owners_of(session, id_of(item)) == [other.id]


def test_what_a_bank_put_aside_is_given_back_and_nothing_else(session: Session) -> None:
    disputed, ended = make.grant(session), make.grant(session)
    link, _ = make.link(session, disputed)
    assert put_aside_order(session, disputed.order_id, now=make.NOW)
    assert not put_aside_order(session, disputed.order_id, now=make.NOW)
    assert (disputed.revoked_at, link.revoked_at) == (make.NOW, make.NOW)
    assert owned(session, disputed.buyer_id, disputed.product_id) is None
    revoke(session, id_of(ended), reason="abus", now=make.NOW)
    assert not put_aside_order(session, ended.order_id, now=make.NOW)
    assert [give_back_order(session, each.order_id) for each in (disputed, ended)] == [True, False]
    assert owned(session, disputed.buyer_id, disputed.product_id) == disputed
    assert ended.revoked_at == make.NOW
