"""`comptoir smoke`: play sales, a download, an entry, a removal and a letter on a shop for trying."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from scripts.terminal.console import Json, Var, open_database, row_of, show_json
from scripts.terminal.context import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def smoke(
    buyer: Annotated[int, typer.Option(help="Telegram id of who buys; has written /start to the bot")],
    channel: Annotated[int, typer.Option(help="Telegram id of a connected channel, to come into")] = 0,
    mail: Annotated[str, typer.Option(help="Address that a letter is sent to")] = "",
    wait: Annotated[
        float, typer.Option(help="Seconds to open the link into the channel, or to pay on Stripe's page")
    ] = 120,
    card: Annotated[
        bool, typer.Option("--card", help="Also sell by card: somebody pays on the page of Stripe's sandbox")
    ] = False,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Play what the shop is for, from the order on the web to the way out of a channel, and clean up.

    Only where ENV is test: with test keys, or on Telegram's test servers (TELEGRAM_TEST). Workers and bot of
    the shop do the work; a person only opens the link into the channel, and with --card pays on Stripe's
    page. Exit code 1 when a step failed.
    """
    from scripts.doctor.page import lines, summary
    from scripts.smoke.run import Roles, as_findings, play

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    settings = load_settings(var)
    with open_database(settings) as database:
        played = play(settings, database, Roles(buyer, channel, mail, wait, card), say)
    if as_json:
        show_json([row_of(step) for step in played])
    else:
        console = Console(highlight=False)
        findings = as_findings(played)
        for line in (*lines(findings, console.width), summary(findings)):
            console.print(line, soft_wrap=True)
    sys.exit(any(step.state == "fail" for step in played))
