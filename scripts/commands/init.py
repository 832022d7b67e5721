"""`comptoir init`: asks what a new shop needs and writes `.env`, a Caddyfile and a service of systemd."""

from pathlib import Path
from typing import Annotated

import typer

from scripts.terminal.console import Json, Var

app = typer.Typer(add_completion=False)


def _flag(words: str, variable: str | None = None) -> object:
    return typer.Option(help=words, envvar=variable, show_envvar=True)


@app.command()
def init(
    token: Annotated[str, _flag("The bot's token; a file is better seen by nobody", "BOT_TOKEN")] = "",
    token_file: Annotated[Path | None, _flag("A file that holds the token")] = None,
    api_id: Annotated[str, _flag("The API id, from my.telegram.org", "TELEGRAM_API_ID")] = "",
    api_hash: Annotated[str, _flag("The API hash", "TELEGRAM_API_HASH")] = "",
    domain: Annotated[str, _flag("The shop's name on the web")] = "",
    store_domain: Annotated[str, _flag("A name of its own for the store. None: the shop's")] = "",
    name: Annotated[str, _flag("What the shop is called")] = "",
    legal_name: Annotated[str, _flag("Who sells, by law")] = "",
    legal_address: Annotated[str, _flag("Their postal address")] = "",
    legal_number: Annotated[str, _flag("Their number, of VAT or of a register")] = "",
    legal_contact: Annotated[str, _flag("Where they are reached")] = "",
    admin: Annotated[str, _flag("Telegram id of the first admin, or `me`: who opens a link first")] = "",
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="Any other setting: NAME=VALUE; may be repeated")
    ] = None,
    containers: Annotated[bool, _flag("For docker compose instead of `comptoir up`")] = False,
    check: Annotated[bool, _flag("Have Telegram confirm the token")] = True,
    env_file: Annotated[Path | None, _flag("The file to write. None: .env beside the code")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing")] = False,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Set a shop up: ask what it needs, have the token checked, make its secrets, write its files.

    Run again, it asks with the answers of before, shows what would change, and keeps secrets and whatever
    else stands in .env.
    """
    from scripts.embedded.process import PROJECT
    from scripts.terminal.console import CommandError, show_json
    from scripts.terminal.context import var_folder
    from scripts.wizard.run import Wishes, run, to_stderr

    try:
        bot_token = token_file.read_text().strip() if token_file else token
    except OSError as error:
        raise CommandError(
            f"{token_file} cannot be read ({error.strerror}). Name the file of the token."
        ) from None
    answers = {
        "BOT_TOKEN": bot_token,
        "TELEGRAM_API_ID": api_id,
        "TELEGRAM_API_HASH": api_hash,
        "SHOP_DOMAIN": domain,
        "SHOP_NAME": name,
        "LEGAL_NAME": legal_name,
        "LEGAL_ADDRESS": legal_address,
        "LEGAL_NUMBER": legal_number,
        "LEGAL_CONTACT": legal_contact,
        "FIRST_ADMIN": admin,
    }
    wishes = Wishes(
        answers=answers,
        others=_pairs(setting or []),
        store_domain=store_domain,
        containers=containers,
        yes=yes or as_json,
        check=check,
        env_file=env_file or PROJECT / ".env",
        var=var_folder(var),
    )
    outcome = run(wishes, to_stderr)
    if as_json:
        show_json(outcome)
        return
    print(f"\nWritten: {', '.join(outcome['files'])}\n\nNext:")
    for step in outcome["next"]:
        print(f"  {step}")


def _pairs(settings: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in settings]
    if wrong := [
        text for text, (name, equals, _) in zip(settings, pairs, strict=True) if not (name and equals)
    ]:
        raise typer.BadParameter(f"{wrong[0]!r} is not NAME=VALUE.", param_hint="--set")
    return {name.strip().upper(): value for name, _, value in pairs}
