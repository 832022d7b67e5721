"""`comptoir ban`: close the shop to a person. Persons are named by their Telegram id."""

from typing import Annotated

import typer

from scripts.commands.admin import TelegramId
from scripts.terminal.console import ACTOR, Json, Var, show_done, transaction

app = typer.Typer(add_completion=False)
Reason = Annotated[str, typer.Option(help="Why, for the audit log")]


@app.command()
def ban(telegram_id: TelegramId, reason: Reason, as_json: Json = False, var: Var = None) -> None:
    """Close the shop to a person: sessions and tokens end; support still hears them, and what they bought
    stays theirs."""
    from core.kit.rows import id_of
    from core.people.bans import ban as close
    from core.people.people import known_user
    from schemas.base import utc_now

    with transaction(var) as session:
        person = known_user(session, telegram_id)
        done = close(session, id_of(person), actor=ACTOR, reason=reason, now=utc_now())
    sentence = f"Person {telegram_id} is banned; {done.sessions} sessions and {done.tokens} tokens ended."
    if not done.changed:
        sentence = f"Person {telegram_id} was banned before; nothing has changed."
    ended = {"changed": done.changed, "sessions": done.sessions, "tokens": done.tokens}
    show_done(sentence, {"telegram_id": telegram_id, **ended}, as_json)
