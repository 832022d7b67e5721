"""`comptoir up`: the whole shop on this machine, until Ctrl-C."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def up(
    var: Annotated[Path | None, typer.Option(help="Folder of all data and logs")] = None,
    bot: Annotated[bool, typer.Option(help="Start the bot")] = True,
    sandbox: Annotated[
        bool, typer.Option(help="Against a loopback Telegram, NOWPayments and Stripe, without accounts")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print run.json instead of the logs")] = False,
) -> None:
    """Start PostgreSQL, Redis, the store, the API, the bot and the workers; stop them at Ctrl-C."""
    from scripts.embedded.run import run_shop

    run_shop(var, bot=bot, sandbox=sandbox, as_json=as_json)
