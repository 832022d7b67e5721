"""Every screen of the dashboard as an operator sees it, compared with the text that was kept.

After a change that is meant: `COMPTOIR_KEEP_SCREENS=yes .venv/bin/pytest tests/scripts/dashboard`, then
look at the difference before it is committed.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from textual.pilot import Pilot
from textual.widgets import Input

from schemas.audit import AuditEntry
from schemas.queue import Job, QueuePause, Schedule, WorkerBeat
from scripts.dashboard.app import QueueApp
from scripts.dashboard.record import picture, session, settled
from scripts.dashboard.screen_base import Grid, LedgerAccess
from tests.scripts.dashboard.conftest import number
from tests.support.servers import as_owner

KEPT = Path(__file__).parent / "screens"
DOCS = Path(__file__).parents[3] / "docs"
SIZE = (132, 36)
NARROW = (80, 24)  # a terminal over SSH
Walk = Callable[[Pilot[None]], Awaitable[None]]


@pytest.fixture(autouse=True)
def steady_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor blinks twice a second: a picture would show it or not, as busy as the machine is."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)


async def rest(pilot: Pilot[None]) -> None:
    """Until what was asked of the database is on the screen."""
    for _ in range(3):
        await settled(pilot.app)
        await pilot.pause()


def walk_through(ledger: LedgerAccess, walk: Walk, size: tuple[int, int] = SIZE) -> None:
    async def run() -> None:
        app = QueueApp(ledger)
        async with app.run_test(size=size) as pilot:
            await rest(pilot)
            await walk(pilot)

    asyncio.run(run())


def keys(*pressed: str) -> Walk:
    """Press keys; what begins with a quotation mark is typed."""

    async def press(pilot: Pilot[None]) -> None:
        for key in pressed:
            await pilot.press(*(key[1:] if key.startswith("'") else [key]))
            await rest(pilot)

    return press


def seen(app: Any) -> str:
    """The screen as text."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips()) + "\n"


SCREENS: dict[str, tuple[str, ...]] = {
    "overview": (),
    "jobs": ("2",),
    "detail": ("3", "enter", "enter"),
    "dead": ("3",),
    "schedules": ("4",),
    "act": ("3", "d"),
}
# The same one after the other: which keys lead from each to the next.
TOUR: dict[str, tuple[str, ...]] = {
    "overview": (),
    "jobs": ("2",),
    "dead": ("3",),
    "act": ("d",),
    "schedules": ("escape", "4"),
    "detail": ("3", "enter", "enter"),
}
# The session in the documentation: what is done, and which keys do it.
SESSION: dict[str, tuple[str, ...]] = {
    "comptoir queue": (),
    "2, /: a filter, completed as it is typed": ("2", "slash", "'actor:deliver state:qu"),
    "3: dead jobs by what killed them": ("tab", "3"),
    "Enter: the jobs of a group": ("enter",),
    "Enter: one of them": ("enter",),
    "3, r: retry the whole group, Enter: all at once": ("3", "r", "enter"),
    "confirm by typing": ("'retry 3",),
    "Enter: done": ("enter",),
    "4: schedules": ("escape", "4"),
}


def kept(path: Path, text: str) -> str:
    """What was kept of it, or is kept from now on."""
    if os.environ.get("COMPTOIR_KEEP_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_looks_as_it_was_kept(ledger: LedgerAccess, name: str) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await keys(*SCREENS[name])(pilot)
        screens.append(seen(pilot.app))

    screens: list[str] = []
    walk_through(ledger, look)
    assert screens[0] == kept(KEPT / f"{name}.txt", screens[0])


def test_every_screen_has_what_matters_on_a_narrow_terminal(ledger: LedgerAccess) -> None:
    async def look(pilot: Pilot[None]) -> None:
        for name, pressed in TOUR.items():
            await keys(*pressed)(pilot)
            screens[name] = seen(pilot.app)

    screens: dict[str, str] = {}
    walk_through(ledger, look, NARROW)
    assert {name: kept(KEPT / f"{name}-narrow.txt", text) for name, text in screens.items()} == screens


def test_a_list_has_more_columns_as_soon_as_the_terminal_is_wide(ledger: LedgerAccess) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await keys("2", "down", "down")(pilot)
        grid = pilot.app.screen.query_one("#jobs", Grid)
        chosen = grid.chosen
        assert "attempt  " not in seen(pilot.app)
        await pilot.resize_terminal(132, 24)
        await rest(pilot)
        assert "attempt  " in seen(pilot.app)
        assert grid.chosen == chosen == str(number(43))

    walk_through(ledger, look, NARROW)


def test_the_session_in_the_documentation_is_how_it_looks(ledger: LedgerAccess) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        for title, pressed in SESSION.items():
            await keys(*pressed)(pilot)
            pictures.append(picture(pilot.app, title))

    pictures: list[str] = []
    walk_through(ledger, walk)
    svg = session(pictures, seconds=4)
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert svg == kept(DOCS / "queue.svg", svg)


def state_of(ledger: LedgerAccess, place: int) -> str:
    with ledger.reading() as session:
        return session.exec(select(Job.state).where(Job.id == number(place))).one()


def actions(ledger: LedgerAccess) -> list[str]:
    with ledger.reading() as session:
        typed = select(AuditEntry.action).where(AuditEntry.actor == "cli")
        return list(session.exec(typed.order_by(col(AuditEntry.id))).all())


def test_a_filter_is_completed_points_at_its_fault_and_is_used(ledger: LedgerAccess) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await keys("2", "slash", "'state:de", "right")(pilot)
        assert pilot.app.screen.query_one("#filter", Input).value == "state:dead"
        assert pilot.app.screen.query_one("#jobs", Grid).row_count == 4
        await keys("' agee>")(pilot)
        assert "There is no field 'agee'" in seen(pilot.app)
        assert "             ^^^^" in seen(pilot.app)
        assert pilot.app.screen.query_one("#jobs", Grid).row_count == 4

    walk_through(ledger, walk)


def test_a_group_is_retried_after_its_count_was_typed(ledger: LedgerAccess) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await keys("3", "r", "enter")(pilot)
        assert "3 jobs would change" in seen(pilot.app)
        await keys("'retry 4", "enter")(pilot)
        assert "nothing was changed" in seen(pilot.app)
        assert state_of(ledger, 10) == "dead"
        await keys("backspace", "3", "enter")(pilot)
        assert "Done: 3 of 3 jobs changed; this is act 1." in seen(pilot.app)

    walk_through(ledger, walk)
    assert [state_of(ledger, place) for place in (10, 11, 12, 20)] == ["queued", "queued", "queued", "dead"]
    assert actions(ledger) == ["queue.retry", "queue.retry.ended"]


def test_one_job_is_edited_and_begins_anew(ledger: LedgerAccess) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await keys("3", "enter", "enter", "e", *"order_id", "equals_sign", *"x", "enter", *"edit", "space")(
            pilot
        )
        await keys("1", "enter")(pilot)
        assert "would not understand" in seen(pilot.app)
        await keys("escape", "e", "'order_id=77", "enter", "'edit 1", "enter")(pilot)
        assert "Done: 1 of 1" in seen(pilot.app)

    walk_through(ledger, walk)
    with ledger.reading() as session:
        row = session.exec(select(Job).where(Job.id == number(10))).one()
    assert (row.state, row.args) == ("queued", {"order_id": 77})


def test_queues_workers_and_schedules_are_paused_and_go_on(ledger: LedgerAccess) -> None:
    walk_through(ledger, keys("p", "tab", "x", "4", "n", "p"))
    with ledger.reading() as session:
        assert set(session.exec(select(QueuePause.queue)).all()) == {"interactive", "bulk"}
        (drained,) = session.exec(select(WorkerBeat.name).where(col(WorkerBeat.draining))).all()
        assert drained == "other:77:a1b2c3"
        assert len(session.exec(select(Schedule).where(col(Schedule.paused))).all()) == 2
    assert actions(ledger) == ["queue.paused", "worker.drained", "schedule.run", "schedule.paused"]
    walk_through(ledger, keys("p", "tab", "x", "4", "p"))
    assert actions(ledger)[-3:] == ["queue.resumed", "worker.resumed", "schedule.resumed"]


def test_the_read_only_mode_changes_nothing(ledger: LedgerAccess) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await keys("p", "tab", "x", "4", "n", "p", "3", "d")(pilot)
        assert seen(pilot.app).partition("\n")[0].endswith("4 Schedules    read only")

    walk_through(replace(ledger, read_only=True), walk, NARROW)
    assert actions(ledger) == []


def test_a_database_that_goes_away_is_told_and_the_screen_stays(ledger: LedgerAccess) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        as_owner(ledger.database, "ALTER TABLE queue_minute RENAME TO gone")
        await keys("ctrl+r")(pilot)
        (notice,) = pilot.app._notifications
        assert notice.message.startswith("The database did not answer: relation")
        assert "delivery" in seen(pilot.app)

    walk_through(ledger, walk)
