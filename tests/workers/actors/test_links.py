"""Links again: from the library, after a replacement, by staff (A15 to A20)."""

from uuid import uuid4

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.catalogue.catalogue import current_assets
from core.catalogue.products import add_asset
from core.kit.rows import id_of
from core.orders.grants import revoke
from schemas import jobs
from schemas.access import DownloadLink, Grant
from schemas.base import utc_now
from schemas.catalogue import Asset, Product
from schemas.people import User
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make
from tests.support.worker import Worker


def owned(worker: Worker, *people: Person, files: tuple[str, ...] = ("one.pdf", "two.mp4")) -> list[Grant]:
    """One product that each of these people has bought."""
    with worker.database.transaction() as session:
        item = make.product(session, title="Cours", files=files)
        buyers = [make.user(session, telegram_id=person.id) for person in people]
        return [make.grant(session, item, buyer) for buyer in buyers]


def assets(worker: Worker, grant: Grant) -> list[Asset]:
    with Session(worker.database.engine) as session:
        return current_assets(session, grant.product_id)


def links(worker: Worker) -> list[DownloadLink]:
    with Session(worker.database.engine) as session:
        return list(session.exec(select(DownloadLink)))


def test_the_library_sends_one_link_for_the_file_asked_for(worker: Worker, ann: Person) -> None:
    (grant,) = owned(worker, ann)
    file = assets(worker, grant)[1]

    worker.do(jobs.SendLinks(grant_id=id_of(grant), occasion="library", asset_id=file.id))

    message = ann.wait_for("two.mp4")
    assert "one.pdf" not in message.text
    assert len(message.links) == 1
    assert [link.asset_id for link in links(worker)] == [file.id]
    assert "library_menu" in [button.value for button in message.buttons]


def test_staff_send_all_links_again(worker: Worker, ann: Person) -> None:
    (grant,) = owned(worker, ann)

    worker.do(jobs.SendLinks(grant_id=id_of(grant), occasion="resend"))

    assert len(ann.wait_for("one.pdf").links) == 2


def test_a_right_that_has_ended_gets_a_reason_and_no_link(worker: Worker, ann: Person) -> None:
    (grant,) = owned(worker, ann)
    with worker.database.transaction() as session:
        revoke(session, id_of(grant), reason="refunded", now=utc_now())

    job = worker.do(jobs.SendLinks(grant_id=id_of(grant), occasion="library"))

    message = ann.wait_for("/support")
    assert job.state == "done"
    assert (message.links, links(worker)) == ([], [])
    assert {"support_menu", "library_menu"} <= {button.value for button in message.buttons}


def test_a_file_that_was_replaced_meanwhile_gets_a_reason(worker: Worker, ann: Person) -> None:
    (grant,) = owned(worker, ann)

    worker.do(jobs.SendLinks(grant_id=id_of(grant), occasion="library", asset_id=uuid4()))

    assert ann.wait_for("/library").links == []


def test_a_grant_that_does_not_exist_is_no_work(worker: Worker) -> None:
    assert worker.do(jobs.SendLinks(grant_id=4_000_000, occasion="library")).state == "dead"


def test_who_blocked_the_bot_is_recorded(worker: Worker, ann: Person) -> None:
    (grant,) = owned(worker, ann)
    ann.blocks_bot()

    job = worker.do(jobs.SendLinks(grant_id=id_of(grant), occasion="library"))

    user: User = worker.row(User, grant.buyer_id)
    assert (job.state, user.blocked_at is None) == ("done", False)


def test_each_owner_gets_a_replaced_file_once(sandbox: Sandbox, worker: Worker, ann: Person) -> None:
    bob = sandbox.person("Bob")
    bob.says("/start")
    grants = owned(worker, ann, bob, files=("one.pdf",))
    (old,) = assets(worker, grants[0])
    with worker.database.transaction() as session:
        new = add_asset(
            session,
            session.get_one(Product, grants[0].product_id),
            key=f"uploads/1/{uuid4()}/new.pdf",
            name="new.pdf",
            size=5,
            content_type="application/pdf",
            sha256=None,
            now=utc_now(),
            replaces=old.id,
        )

    worker.do_all("announce_replacement", "send_links")
    worker.do(jobs.AnnounceReplacement(asset_id=new.id))
    worker.do_all("announce_replacement", "send_links")

    assert sandbox.reached("new.pdf") == {ann.id: 1, bob.id: 1}


def test_a_version_that_is_out_of_date_is_not_announced(worker: Worker, ann: Person) -> None:
    (grant,) = owned(worker, ann, files=("one.pdf",))
    (asset,) = assets(worker, grant)
    with Session(worker.database.engine) as session:
        session.execute(update(Asset).where(col(Asset.id) == asset.id).values(status="retired"))
        session.commit()

    worker.do(jobs.AnnounceReplacement(asset_id=asset.id))

    assert worker.do_all("send_links") == []
