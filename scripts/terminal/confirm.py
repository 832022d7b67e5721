"""Has a count confirmed before many things are changed: by an option, or typed by hand."""

import typer
from rich.console import Console
from rich.text import Text

from scripts.terminal.console import CommandError


def require_confirmation(verb: str, count: int, matching: str, confirm: int | None) -> None:
    """Have "`verb` `count`" confirmed by `confirm` or at the keyboard. Raises `CommandError` if not."""
    if confirm is not None:
        if count > confirm:
            raise CommandError(
                f"{count} {matching}, more than the {confirm} of --confirm; nothing was changed. "
                "Look at them, then confirm the new number."
            )
        return
    Console(stderr=True).print(Text(f"{count} {matching}."))
    try:
        typed = typer.prompt(f"Type '{verb} {count}' to do it", err=True)
    except typer.Abort:
        typed = ""
    if typed.strip() != f"{verb} {count}":
        raise CommandError("Not confirmed; nothing was changed.")
