"""`comptoir audit`: who did what, and whether somebody touched the log afterwards.

Exit codes: 0 done, 1 the chain is broken or the command failed, 2 wrongly asked, 3 nothing matched.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from scripts.dashboard.access import read
from scripts.terminal.console import Json, Var, open_database, row_of, show_json, show_rows
from scripts.terminal.time_arguments import Since, Until, parse_moment

if TYPE_CHECKING:
    from core.audit.chain import Verdict

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The audit log.")
COLUMNS = ("id", "created_at", "actor", "action", "subject", "details", "correlation_id")
WHY = {
    "changed": "its content is not what was sealed",
    "missing": "it was deleted",
    "backdated": "it claims to be older than it is: it was slipped in",
    "seal-forged": "the seal there was not made by this shop, or LINK_SECRET was changed since",
    "seal-missing": "the seal over it was deleted, or it was slipped in",
    "head-missing": "the log does not hold the head that you gave: its end was cut off or rewritten",
}


@app.command("list")
def list_log(
    actor: Annotated[str, typer.Option(help="user:7, token:…, cli or system")] = "",
    action: Annotated[str, typer.Option(help="An act (order.refunded) or a family (order)")] = "",
    subject: Annotated[str, typer.Option(help="What it was done to, like order:12")] = "",
    correlation: Annotated[str, typer.Option(help="The id that ties a click to its jobs")] = "",
    since: Since = "",
    until: Until = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most")] = 50,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """List entries, newest first."""
    from core.audit.search import AuditFilter, list_entries
    from schemas.base import utc_now

    now = utc_now()
    audit_filter = AuditFilter(
        actor, action, subject, correlation, parse_moment(since, now), parse_moment(until, now)
    )
    with read(var) as session:
        rows = [
            entry.model_dump(exclude={"digest"}) for entry in list_entries(session, audit_filter, limit=limit)
        ]
    show_rows(rows, COLUMNS, as_json, "No entry matches.")
    raise typer.Exit(0 if rows else 3)


@app.command()
def verify(
    head: Annotated[str, typer.Option(help="PLACE:DIGEST that was noted before: it must still stand")] = "",
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Read the whole chain; name the first entry that was changed, removed or slipped in.

    The PostgreSQL of a shop that was stopped, as after a restore, is started for this alone.
    """
    from core.audit.chain import Key
    from core.audit.chain import verify as read_chain
    from scripts.embedded.offline_servers import reachable_servers

    noted_head = _head(head)
    with reachable_servers(var) as settings:
        settings.require("link_secret")
        with open_database(settings) as database:
            chain = read_chain(database, Key(settings.link_secret), known_head=noted_head)
    broken = chain.broken
    if as_json:
        show_json({**row_of(chain), "broken": row_of(broken) if broken else None, "holds": broken is None})
    else:
        _print_verdict(chain)
    raise typer.Exit(0 if broken is None else 1)


def _print_verdict(chain: "Verdict") -> None:
    if chain.broken is None:
        waiting = f"; not sealed yet: {chain.unsealed}" if chain.unsealed else ""
        print(f"The audit log holds. Entries after place {chain.begins_after}: {chain.entries}{waiting}.")
        if chain.head:
            print(f"Head, to be kept elsewhere: {chain.last_place}:{chain.head}")
        return
    row = f" (entry {chain.broken.entry})" if chain.broken.entry is not None else ""
    place = f"at place {chain.broken.place}" if chain.broken.place is not None else "among the newest"
    print(f"The audit log is broken {place}{row}: {WHY[chain.broken.why]}.")
    print(f"Entries before it that hold: {chain.entries}. See docs/operations.md, Audit log.")


def _head(written: str) -> tuple[int, str] | None:
    place, colon, digest = written.partition(":")
    if not written:
        return None
    if not (colon and place.isdecimal() and len(digest) == 64):
        raise typer.BadParameter("--head is PLACE:DIGEST, as `comptoir audit verify` shows it")
    return int(place), digest.lower()
