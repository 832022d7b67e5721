"""`comptoir members`: find members of channels, put one out, let one in again."""

from typing import Annotated, Any

import typer

from scripts.terminal.console import ACTOR, Json, PageNumber, Var, show_done, show_page, transaction

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Members of channels.")
COLUMNS = ("membership_id", "telegram_id", "name", "plan", "state", "ends_at", "barred")
MembershipId = Annotated[int, typer.Argument(help="Number from `comptoir members find`")]
REASON_HELP = "violation_terms, abuse, unpaid or on_request; other words are told to the person as they are"


@app.command()
def find(
    words: Annotated[str, typer.Argument(help="Words of a name, or a Telegram id; none: all")] = "",
    page: PageNumber = 1,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Find members of all shops, newest first."""
    from core.memberships.shop_members import members_of_shop

    with transaction(var) as session:
        matches = members_of_shop(session, None, words, page=page)
    show_page(matches, COLUMNS, as_json, "No member matches. Try fewer words, or none to list all.")


@app.command("put-out")
def put_out(
    membership_id: MembershipId,
    reason: Annotated[str, typer.Option(help=REASON_HELP)],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """End all access of a membership's holder to its shop, and bar them from it; they are told why.

    Orders whose paid time is cut short are laid before staff, who decide whether money goes back.
    """
    from core.memberships.putting_out import end_access, reason_of
    from core.memberships.transitions import Ending
    from schemas.base import utc_now

    with transaction(var) as session:
        ending = Ending("staff", *reason_of(reason))
        ended = end_access(session, membership_id, ending=ending, actor=ACTOR, now=utc_now())
    fields: dict[str, Any] = {"membership_id": membership_id, "ended": ended}
    show_done(f"Put out and barred; {ended} memberships ended.", fields, as_json)


@app.command("let-in")
def let_in(membership_id: MembershipId, as_json: Json = False, var: Var = None) -> None:
    """Let the holder of a membership buy in its shop again; what had ended stays ended."""
    from core.memberships.putting_out import lift_bar
    from schemas.base import utc_now

    with transaction(var) as session:
        changed = lift_bar(session, membership_id, actor=ACTOR, now=utc_now())
    sentence = "They may buy and come in again." if changed else "They were not barred; nothing has changed."
    show_done(sentence, {"membership_id": membership_id, "changed": changed}, as_json)
