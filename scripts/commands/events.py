"""`comptoir events`: what payment providers told us, raw; have some of it applied once more.

Exit codes: 0 done, 1 refused or failed, 2 wrongly asked, 3 nothing matched.
"""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from schemas.rails import Provider
from scripts.dashboard.access import read, read_from
from scripts.terminal.confirm import require_confirmation
from scripts.terminal.console import (
    ACTOR,
    Json,
    Var,
    open_database,
    order_id,
    row_of,
    show_done,
    show_fields,
    show_json,
    show_rows,
)
from scripts.terminal.context import load_settings
from scripts.terminal.time_arguments import Since, Until, parse_moment

if TYPE_CHECKING:
    from core.payments.event_replay import EventFilter, ReplayPlan

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Inbound payment events, kept raw.")
COLUMNS = ("id", "provider", "state", "outcome", "order_id", "received_at", "size")
FIELDS = ("id", "provider", "event_id", "payer", "order_id", "state", "outcome", "received_at", "handled_at")
NOTHING = 3  # exit code
Teller = Annotated[Provider | None, typer.Option(help="Only what it told us")]
States = Annotated[
    list[str] | None, typer.Option("--state", help="received, handled, unmatched or refused; repeatable")
]
Order = Annotated[str, typer.Option(help="Order number: 42 or CMT-000042")]
Confirm = Annotated[
    int | None, typer.Option(min=0, help="The count that you agree to, instead of typing it when asked")
]


@app.command("list")
def list_stored(
    provider: Teller = None,
    state: States = None,
    order: Order = "",
    since: Since = "",
    until: Until = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most")] = 50,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """List events, newest first, and how many match in each state."""
    from core.payments.event_replay import count_events, list_events

    with read(var) as session:
        number = order_id(session, order) if order else None
        event_filter = _filter((), provider, state, number, since, until)
        lines, counts = list_events(session, event_filter, limit=limit), count_events(session, event_filter)
    if as_json:
        show_json({"events": [row_of(line) for line in lines], "counts": counts})
    else:
        show_rows([row_of(line) for line in lines], COLUMNS, False, "No event matches.")
        print("  ".join(f"{name} {count}" for name, count in counts.items()))
    raise typer.Exit(0 if lines else NOTHING)


@app.command()
def show(
    event: Annotated[UUID, typer.Argument(help="An event's id, as the list shows it")],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Show one event and its raw body."""
    from core.payments.event_replay import show_event

    with read(var) as session:
        stored = show_event(session, event)
        body = stored.body.decode(errors="replace") if stored.body is not None else None
        fields = {name: getattr(stored, name) for name in FIELDS}
    show_fields({**fields, "body": body}, as_json)


@app.command()
def replay(
    events: Annotated[list[UUID] | None, typer.Argument(help="Ids; none: those of a range of time")] = None,
    provider: Teller = None,
    state: States = None,
    since: Since = "",
    until: Until = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count")] = False,
    confirm: Confirm = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Apply events once more: those named, or those of a range of time that were not handled.

    What an event did is not done twice.
    """
    from core.payments.event_replay import plan_replay
    from core.payments.event_replay import replay as apply_again

    event_filter = _filter(tuple(events or ()), provider, state, None, since, until)
    with open_database(load_settings(var)) as database:
        with read_from(database) as session:
            planned = plan_replay(session, event_filter)
        done = 0
        if planned.count and not dry_run:
            require_confirmation("replay", planned.count, "events match", confirm)
            done = max(apply_again(database, planned, actor=ACTOR), default=0)
    fields = {"matched": planned.count, "without_body": planned.without_body, "replayed": done}
    show_done(_sentence(planned, done), fields, as_json)
    raise typer.Exit(0 if planned.count else NOTHING)


def _sentence(planned: "ReplayPlan", done: int) -> str:
    lost = f" {planned.without_body} more have no raw body any more." if planned.without_body else ""
    return (
        f"{planned.count} events match{' and are on their way' if done else '; nothing was changed'}.{lost}"
    )


def _filter(
    ids: tuple[UUID, ...],
    provider: str | None,
    states: list[str] | None,
    order: int | None,
    since: str,
    until: str,
) -> "EventFilter":
    from core.payments.event_replay import STATES, EventFilter
    from schemas.base import utc_now

    names = set(states or ())
    if unknown := names - set(STATES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: choose of {', '.join(STATES)}")
    now = utc_now()
    return EventFilter(
        ids=ids,
        provider=provider or "",
        states=tuple(name for name in STATES if name in names),
        order_id=order,
        since=parse_moment(since, now),
        until=parse_moment(until, now),
    )
