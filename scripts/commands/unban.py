"""`comptoir unban`: open the shop to a person again."""

import typer

from scripts.commands.admin import TelegramId
from scripts.terminal.console import ACTOR, Json, Var, show_done, transaction

app = typer.Typer(add_completion=False)


@app.command()
def unban(telegram_id: TelegramId, as_json: Json = False, var: Var = None) -> None:
    """Open the shop to a person again; they sign in anew."""
    from core.kit.rows import id_of
    from core.people.bans import unban as open_again
    from core.people.people import known_user

    with transaction(var) as session:
        changed = open_again(session, id_of(known_user(session, telegram_id)), actor=ACTOR)
    sentence = f"Person {telegram_id} may use the shop again."
    if not changed:
        sentence = f"Person {telegram_id} was not banned; nothing has changed."
    show_done(sentence, {"telegram_id": telegram_id, "changed": changed}, as_json)
