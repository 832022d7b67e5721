"""A seller brings in members of before, lists them, and reads the shop's figures."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.memberships.imports import add_next, end_import, reading_of
from schemas.base import utc_now
from schemas.jobs import Notify
from schemas.member_imports import MemberImport
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message
from tests.support import make
from tests.support.channel import ChannelFixture, view_of
from tests.support.shop_bot import ask


def csv_of(*lines: str) -> str:
    """A file of members."""
    return "\n".join(("telegram_id,days,name", *lines))


def begin_import(channel: ChannelFixture) -> Message:
    """The seller is asked for the file."""
    menu = ask(channel.owner, "/plans", "My plans")
    channel.owner.presses(menu, f"my_plan:{channel.plan_id}")
    channel.owner.presses(channel.owner.wait_for("On sale"), "📥 Import")
    return channel.owner.wait_for("Send a CSV file")


def import_file(channel: ChannelFixture, data: bytes, expected: str) -> str:
    """The seller sends the file; the answer."""
    begin_import(channel)
    sent = channel.owner.sends_document(data, "members.csv")
    return channel.owner.wait_for(expected, after=sent).text


def finish_imports(channel: ChannelFixture) -> list[dict[str, Any]]:
    """Do the jobs' work; what the seller is told then."""

    def work(session: Session) -> list[dict[str, Any]]:
        for member_import in session.exec(select(MemberImport).order_by(col(MemberImport.id))).all():
            reading = reading_of(session, id_of(member_import))
            while add_next(session, id_of(member_import), reading.lines):
                pass
            end_import(session, id_of(member_import), reading, now=utc_now())
        notices = (job for job in make.queued(session, Notify) if job.text == "import-done")
        return [job.params for job in notices]

    return channel.do(work)


def test_members_of_before_come_in_by_file_or_by_message(channel: ChannelFixture) -> None:
    lines = csv_of("900000001,45,Zoé", "900000002,0,Wrong", "x,3,Wrong", "900000003,10,Max")
    taken = import_file(channel, lines.encode(), "Importing 2 members")
    assert "2 lines are refused" in taken
    assert "line 3: One way to say how long is wanted" in taken
    assert "line 4: The Telegram id" in taken
    begin_import(channel)
    members = ask(
        channel.owner, csv_of("900000001,45,Zoé", "900000004,1,Ida"), "Importing 2 members. I will write"
    )
    assert view_of(channel).members == 0, "the bot brings nobody in itself"
    first, second = finish_imports(channel)
    assert (first["added"], first["skipped"], first["errors"]) == (2, 0, 2)
    assert (second["added"], second["skipped"], second["errors"]) == (1, 1, 0)
    channel.owner.presses(members, "👥 Members")
    listed = channel.owner.wait_for("3 people").text
    assert "Zoé – running, until" in listed


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xff\xfe\x00bad", "not CSV in UTF-8"),
        (b"a,b\n1,2", "must name its columns"),
        (b"telegram_id,days\n" + b"1,1\n" * 150_000, "larger than 500"),
        (b"telegram_id,days\nx,1", "Nobody to import. 1 line is refused"),
    ],
    ids=["binary", "columns", "size", "all-wrong"],
)
def test_a_file_that_cannot_be_read_says_why(channel: ChannelFixture, data: bytes, expected: str) -> None:
    import_file(channel, data, expected)
    assert view_of(channel).members == 0


def test_figures_tell_members_revenue_and_who_left(channel: ChannelFixture) -> None:
    bob: Person = channel.person("Bob")
    channel.buys(bob)
    channel.owner.presses(ask(channel.owner, "/plans", "My plans"), "📊 Figures")
    figures = channel.owner.wait_for("My figures – 1 person").text
    assert "running: 1" in figures
    assert "500\u00a0⭐" in figures
    assert "0 members at the start, +1 −0" in figures
