"""What the bot says of itself, and when its silence is too long."""

from datetime import timedelta

from sqlmodel import Session

from core.monitoring.bot_beat import SILENT, beat, end, last_beat, silent_for
from core.monitoring.metrics import exposition, shop_families
from tests.support import make

LATER = make.NOW + timedelta(seconds=90)


def live(session: Session, **counts: int) -> None:
    beat(session, started_at=make.NOW, **({"served": 7, "failed": 2, "memory": 9} | counts), now=make.NOW)


def test_a_bot_that_was_never_there_is_not_missed(session: Session) -> None:
    assert last_beat(session) is None
    assert silent_for(session, now=LATER) is None


def test_a_bot_that_stops_beating_is_silent_until_it_beats_again(session: Session) -> None:
    live(session)
    assert silent_for(session, now=make.NOW + SILENT) is None
    assert silent_for(session, now=LATER) == timedelta(seconds=90)
    beat(session, started_at=make.NOW, served=8, failed=2, memory=9, now=LATER)
    assert silent_for(session, now=LATER) is None


def test_a_bot_that_stopped_by_itself_is_not_missed(session: Session) -> None:
    live(session)
    end(session)
    assert silent_for(session, now=LATER) is None


def test_failures_of_handlers_are_exported(session: Session) -> None:
    live(session)
    text = str(exposition(shop_families(session, now=LATER)))
    lines = ("silent_seconds 90.0", "updates_total 7", "failures_total 2", "memory_bytes 9.0")
    assert all(f"comptoir_bot_{line}" in text for line in lines)
