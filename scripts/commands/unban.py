"""`comptoir unban`: open the shop to a person again."""

import typer

from scripts.commands.admin import TelegramId
from scripts.console import ACTOR, Json, Var, shop, show_done

app = typer.Typer(add_completion=False)


@app.command()
def unban(telegram_id: TelegramId, as_json: Json = False, var: Var = None) -> None:
    """Open the shop to a person again; they sign in anew."""
    from core.bans import unban as open_again
    from core.people import known_user
    from core.rows import key

    with shop(var) as session:
        changed = open_again(session, key(known_user(session, telegram_id)), actor=ACTOR)
    said = f"Person {telegram_id} may use the shop again."
    if not changed:
        said = f"Person {telegram_id} was not banned; nothing has changed."
    show_done(said, {"telegram_id": telegram_id, "changed": changed}, as_json)
