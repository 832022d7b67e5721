"""`comptoir audit`: who did what, and whether somebody touched the log afterwards.

Exit codes: 0 done, 1 the chain is broken or the command failed, 2 wrongly asked, 3 nothing matched.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from scripts.dashboard.access import read
from scripts.terminal.console import Json, Var, open_database, row_of, show_json, show_rows
from scripts.terminal.time_arguments import Since, Until, parse_moment

if TYPE_CHECKING:
    from core.audit.chain import Verdict
    from core.audit.head import Broken, Head, Heads
    from core.audit.keys import Key
    from core.process.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The audit log.")
COLUMNS = ("id", "created_at", "actor", "action", "subject", "details", "words", "correlation_id")
WHY = {
    "changed": "its content is not what was sealed",
    "missing": "it was deleted",
    "backdated": "it claims to be older than it is: it was slipped in",
    "unreadable": "it cannot be read: nothing of ours wrote it so",
    "seal-forged": "the seal there was not made by this shop, or LINK_SECRET was changed since",
    "seal-missing": "the seal over it was deleted, or it was slipped in",
    "head-missing": "the log does not hold a head that was noted before: its end was cut off or rewritten, "
    "or the database was brought back from a copy",
    "head-forged": "the head that is kept in the store was not signed by this shop",
    "head-smaller": "a head was to be kept that is not later than the kept one",
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
        rows = [row_of(entry) for entry in list_entries(session, audit_filter, limit=limit)]
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
    from core.audit.chain import verify as read_chain
    from core.audit.head import Broken
    from core.audit.keys import Key
    from scripts.embedded.offline_servers import reachable_servers

    noted_head = _head(head)
    with reachable_servers(var) as settings:
        settings.require("link_secret")
        key = Key(settings.link_secret)
        heads = _heads(settings, key)
        try:
            stored_head = heads.read() if heads else None
        except Broken as error:
            _refuse(error, as_json)
        with open_database(settings) as database:
            chain = read_chain(
                database, key, known_heads=[head for head in (noted_head, stored_head) if head is not None]
            )
    broken = chain.broken
    if as_json:
        show_json(
            {
                **row_of(chain),
                "broken": row_of(broken) if broken else None,
                "holds": broken is None,
                "kept_head": row_of(stored_head) if stored_head else None,
            }
        )
    else:
        _print_verdict(chain)
    raise typer.Exit(0 if broken is None else 1)


@app.command()
def accept(
    reason: Annotated[str, typer.Option(help="Why, in a few words; it is kept beside the audit log")],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Go on from what the database holds now, as after a restore of an older copy.

    Until then nothing is sealed, and admins are told that the kept head is missing. The head that was kept
    stays in the store, under audit/accepted/.
    """
    from core.audit.keys import Key
    from core.audit.notes import keep_note
    from core.audit.sealing import accept as accept_log
    from core.kit.names import clean_text
    from core.process.database_roles import audit_of
    from schemas.base import utc_now
    from scripts.embedded.offline_servers import reachable_servers

    with reachable_servers(var) as settings:
        settings.require("link_secret", "s3_endpoint")
        key = Key(settings.link_secret)
        heads = _heads(settings, key)
        assert heads is not None, "the store is required above"
        with open_database(settings) as shop, shop.transaction() as session:
            note = keep_note(session, "cli", "audit", clean_text(reason))
        with open_database(replace(settings, database_url=audit_of(settings))) as database:
            place = accept_log(database, key, heads, note=note, now=utc_now())
    if as_json:
        show_json({"place": place})
    else:
        print(f"The audit log goes on after place {place}. Run: comptoir audit verify")


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


def _heads(settings: "Settings", key: "Key") -> "Heads | None":
    """Where the head is kept; None without a store."""
    from core.audit.head import Heads
    from workers.store import S3Store

    return Heads(S3Store(settings), key) if settings.s3_endpoint else None


def _refuse(error: "Broken", as_json: bool) -> NoReturn:
    why = WHY[error.gap.why]
    if as_json:
        show_json({"holds": False, "broken": {"why": error.gap.why, "place": error.gap.place, "entry": None}})
    else:
        print(f"The audit log is broken: {why}. See docs/operations.md, Audit log.")
    raise typer.Exit(1)


def _head(written: str) -> "Head | None":
    from core.audit.head import Head

    place, colon, digest = written.partition(":")
    if not written:
        return None
    if not (colon and place.isdecimal() and len(digest) == 64):
        raise typer.BadParameter("--head is PLACE:DIGEST, as `comptoir audit verify` shows it")
    return Head(int(place), digest.lower())
