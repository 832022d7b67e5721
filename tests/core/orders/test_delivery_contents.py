"""What a delivery carries, and leave to sign (A11, A29 to A33)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.orders.delivery_contents import LinkOptions, pack_grant, pack_order
from core.orders.grants import revoke
from core.orders.orders import order_number
from schemas.access import DownloadLink
from schemas.audit import AuditEntry
from schemas.catalogue import Asset
from tests.support import make

HOW = LinkOptions(secret=make.SECRET, ttl=86_400, max_downloads=0, direct=False)


def links(session: Session) -> list[DownloadLink]:
    return list(session.exec(select(DownloadLink)))


def test_every_attempt_of_one_job_packs_the_same_links(session: Session) -> None:
    order = make.paid_order(session, make.product(session, files=("a.pdf", "b.pdf")))
    job = uuid4()

    parcels = [
        pack_order(session, id_of(order), identity=job, options=HOW, now=make.NOW + timedelta(minutes=minute))
        for minute in range(3)
    ]

    first = parcels[0]
    assert first is not None
    assert [[file.token for file in parcel.files] for parcel in parcels if parcel] == [
        [file.token for file in first.files]
    ] * 3
    assert first.order_number == order_number(order)
    assert len(links(session)) == 2


def test_another_job_packs_links_of_its_own(session: Session) -> None:
    order = make.paid_order(session)

    for _ in range(2):
        pack_order(session, id_of(order), identity=uuid4(), options=HOW, now=make.NOW)

    assert len({link.token_hash for link in links(session)}) == 2


def test_an_order_that_is_not_paid_has_no_parcel(session: Session) -> None:
    order = make.order(session)

    assert pack_order(session, id_of(order), identity=uuid4(), options=HOW, now=make.NOW) is None


def test_a_product_that_lost_its_file_is_refused(session: Session) -> None:
    order = make.paid_order(session)
    session.execute(update(Asset).where(col(Asset.product_id) == order.product_id).values(status="retired"))

    with pytest.raises(Refused, match="no-file"):
        pack_order(session, id_of(order), identity=uuid4(), options=HOW, now=make.NOW)


def test_only_a_current_file_of_the_product_is_packed(session: Session) -> None:
    grant = make.grant(session)
    stranger = make.asset(session, make.product(session, title="Autre"))

    with pytest.raises(NotFound, match="file-unknown"):
        pack_grant(session, id_of(grant), stranger.id, identity=uuid4(), options=HOW, now=make.NOW)


def test_an_ended_right_is_not_packed(session: Session) -> None:
    grant = make.grant(session)
    revoke(session, id_of(grant), reason="refund", now=make.NOW)

    with pytest.raises(Refused, match="grant-revoked"):
        pack_grant(session, id_of(grant), None, identity=uuid4(), options=HOW, now=make.NOW)


def test_a_shop_without_an_address_writes_down_what_it_signs(session: Session) -> None:
    order = make.paid_order(session)

    parcel = pack_order(
        session, id_of(order), identity=uuid4(), options=replace(HOW, direct=True), now=make.NOW
    )

    assert parcel is not None
    assert [file.token for file in parcel.files] == [""]
    assert links(session) == []
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "link.presigned")).one()
    assert (entry.actor, entry.details) == (f"user:{order.buyer_id}", {"order": order.id})
