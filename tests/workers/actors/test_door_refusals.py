"""Whatever Telegram answers when a member is let in, somebody is told in words."""

import pytest
from sqlmodel import select

from core.memberships.door_refusals import REFUSALS
from core.people.people import set_role
from schemas import member_jobs as jobs
from schemas.audit import AuditEntry
from schemas.jobs import Notify
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.channel import ChannelFixture
from tests.support.worker import Worker
from tests.workers.actors.test_members import asks

METHOD = "messages.hideChatJoinRequest"
FORBIDDEN = {"USER_CHANNELS_TOO_MUCH", "USER_PRIVACY_RESTRICTED", "SOMETHING_FORBIDDEN"}
NEW = ("MSG_ID_INVALID", "PEER_ID_INVALID", "SOMETHING_NEW", "SOMETHING_FORBIDDEN")
WORDS = {
    "too_many": "as many channels and groups as Telegram allows",
    "banned": "An admin of the channel has banned you",
    "blocked": "your privacy settings, or a block",
    "full": "holds as many members as Telegram allows",
    "waiting": "it is tried again until you are in",
    "unreachable": "cannot be reached any more",
    "trouble": "the team has been told and looks at it",
}


@pytest.fixture
def channel(sandbox: Sandbox, worker: Worker) -> ChannelFixture:
    return ChannelFixture.write(worker, sandbox)


def knocks(worker: Worker, channel: ChannelFixture, ann: Person, code: int, name: str, times: int = 1) -> str:
    """A member asks to join, and Telegram refuses the answer; what became of the job."""
    sam = channel.reader("Sam")
    channel.do(lambda session: set_role(session, sam.id, "support", actor="cli"))
    channel.sells_to(ann)
    channel.sandbox.fail_next(METHOD, code, name, times)
    asks(worker, channel, ann, channel.link)
    job = jobs.AnswerJoinRequest(channel_id=channel.channel_id, telegram_id=ann.id)
    state = worker.do(job).state
    return str(state)


def told(channel: ChannelFixture) -> dict[str, dict[str, object]]:
    """The notices about doors, by their text, each with its blanks."""
    notices = [job for job in channel.queued(Notify) if isinstance(job, Notify)]
    doors = [job for job in notices if job.text in ("join-failed", "channel-door-shut", "staff-door-shut")]
    assert len({job.text for job in doors}) == len(doors), "each is told once"
    return {job.text: dict(job.params) for job in doors}


@pytest.mark.parametrize("name", [*REFUSALS, *NEW])
def test_every_refusal_reaches_the_person_and_whoever_must_act(
    worker: Worker, channel: ChannelFixture, ann: Person, name: str
) -> None:
    code = 403 if name in FORBIDDEN else 400
    assert knocks(worker, channel, ann, code, name) == "done"
    notices = told(channel)
    refusal = REFUSALS.get(name)
    why = refusal.why if refusal else "trouble"
    assert ("join-failed" in notices) == (why != "gone")
    assert ("channel-door-shut" in notices) == bool(refusal and refusal.seller)
    assert ("staff-door-shut" in notices) == (refusal is None)
    if why != "gone":
        assert notices["join-failed"]["why"] == why
        worker.do_all("notify")
        assert WORDS[why] in ann.wait_for("you are not in yet").text
    assert channel.room.requests == [], "the request is over, so that it can be made again"
    assert channel.was_answered(ann)
    failed = select(AuditEntry.details).where(AuditEntry.action == "join.failed")
    (details,) = channel.do(lambda session: session.exec(failed).all())
    assert name in details["reason"]


@pytest.mark.parametrize(
    "name", ["HIDE_REQUESTER_MISSING", "USER_ALREADY_PARTICIPANT", "INVITE_REQUEST_SENT"]
)
def test_what_is_settled_already_troubles_nobody(
    worker: Worker, channel: ChannelFixture, ann: Person, name: str
) -> None:
    assert knocks(worker, channel, ann, 400, name) == "done"
    assert told(channel) == {}


@pytest.mark.parametrize(
    ("code", "name", "state", "why"),
    [
        (400, "CHAT_ADMIN_REQUIRED", "queued", "waiting"),
        (403, "CHAT_WRITE_FORBIDDEN", "queued", "waiting"),
        (403, "RIGHT_FORBIDDEN", "queued", "waiting"),
        (420, "FLOOD_WAIT_600", "queued", "waiting"),
        (400, "CHANNEL_PRIVATE", "dead", "unreachable"),
        (400, "CHANNEL_INVALID", "dead", "unreachable"),
    ],
)
def test_what_takes_long_or_never_comes_is_said_as_well(
    worker: Worker, channel: ChannelFixture, ann: Person, code: int, name: str, state: str, why: str
) -> None:
    assert knocks(worker, channel, ann, code, name) == state
    assert told(channel)["join-failed"]["why"] == why


def test_what_passes_soon_is_tried_again_without_a_word(
    worker: Worker, channel: ChannelFixture, ann: Person
) -> None:
    assert knocks(worker, channel, ann, 420, "FLOOD_WAIT_5") == "queued"
    assert told(channel) == {}
    assert not channel.was_answered(ann)
