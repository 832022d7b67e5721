"""`comptoir admin`: who may act for the shop. Persons are named by their Telegram id."""

from typing import Annotated, Literal

import typer

from scripts.terminal.console import ACTOR, Json, Var, show_done, show_rows, transaction

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Staff.")
COLUMNS = ("telegram_id", "name", "username", "roles")
TelegramId = Annotated[int, typer.Argument(min=1, help="Telegram id (a number, not a @name)")]
StaffRole = Annotated[Literal["admin", "support"], typer.Option(help="What the person may do")]


@app.command()
def add(telegram_id: TelegramId, role: StaffRole = "admin", as_json: Json = False, var: Var = None) -> None:
    """Give a person a staff role, also before they have met the bot."""
    _change(telegram_id, role, True, as_json, var)


@app.command()
def remove(
    telegram_id: TelegramId, role: StaffRole = "admin", as_json: Json = False, var: Var = None
) -> None:
    """Take a staff role away."""
    _change(telegram_id, role, False, as_json, var)


@app.command("list")
def list_staff(as_json: Json = False, var: Var = None) -> None:
    """List staff who can be written to."""
    from sqlmodel import col, select

    from core.notifications.recipients import staff_ids
    from schemas.people import User

    columns = [col(getattr(User, name)) for name in ("id", *COLUMNS, "language")]
    with transaction(var) as session:
        listed = select(*columns).where(col(User.id).in_(staff_ids(session))).order_by(col(User.id))
        people = [dict(row._mapping) for row in session.execute(listed)]
    show_rows(
        people, COLUMNS, as_json, "There is no staff yet. Add one with `comptoir admin add TELEGRAM_ID`."
    )


def _change(telegram_id: int, role: str, present: bool, as_json: bool, var: Var) -> None:
    from core.people.people import set_role

    with transaction(var) as session:
        person = set_role(session, telegram_id, role, actor=ACTOR, present=present)
        fields = {"telegram_id": telegram_id, "roles": list(person.roles)}
        met = bool(person.name)
    verb = "has" if present else "no longer has"
    hint = "" if met or not present else " The bot can write to them once they have written /start to it."
    show_done(f"Person {telegram_id} {verb} the role {role}.{hint}", fields, as_json)
