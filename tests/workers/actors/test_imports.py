"""Members of before brought in by a job, which may be cut off."""

from core.memberships.imports import CHUNK, add_next, begin_import, reading_of
from core.memberships.seller_figures import members_by_state
from schemas import member_jobs as jobs
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.member_imports import MemberImport
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.channel import ChannelFixture, user_of
from tests.support.worker import Worker

LINES = [f"{910_000 + number},30" for number in range(CHUNK + 3)]


def test_an_import_that_was_cut_off_and_done_twice_tells_the_seller_once(
    sandbox: Sandbox, worker: Worker
) -> None:
    channel = ChannelFixture.write(worker, sandbox)
    text = "\n".join(("telegram_id,days", *LINES, "x,1"))
    channel.do(
        lambda session: begin_import(
            session,
            channel.plan_id,
            text,
            actor_user=user_of(session, channel.owner),
            now=utc_now(),
            idempotency_key="1",
        )
    )
    job = channel.newest(jobs.ImportMembers)
    import_id = job.args["import_id"]
    # As a worker leaves it that was killed behind its first transaction.
    channel.do(lambda session: add_next(session, import_id, reading_of(session, import_id).lines))
    assert worker.row(MemberImport, import_id).done == CHUNK

    assert worker.perform(job.id).state == "done"
    assert worker.repeat(job.id).state == "done"
    worker.do_all("notify")
    row = worker.row(MemberImport, import_id)
    assert (row.done, row.added, row.skipped, row.text) == (len(LINES), len(LINES), 0, "")
    shop = worker.row(Product, channel.plan_id).seller_id
    assert channel.do(lambda session: members_by_state(session, shop))["active"] == len(LINES)
    reports = [message.text for message in channel.owner.chat if "members added" in message.text]
    assert len(reports) == 1
    assert (
        f"{len(LINES)} members added, 1 line refused:\n• line {len(LINES) + 2}: The Telegram id" in reports[0]
    )
