"""The command `comptoir`: finds a command's module by name, so that one command never loads another.

A command imports what only its work needs inside its functions: `--help` is shown at once.
"""

import gc
import sys
from importlib import import_module

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.kit.errors import ComptoirError
from schemas.text import is_clean

# name: (the module that holds its `app`, a typer.Typer; what it does)
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("scripts.commands.init", "Set a shop up: ask, check the token, write .env"),
    "up": ("scripts.commands.up", "Start the whole shop on this machine"),
    "doctor": ("scripts.commands.doctor", "What is wrong, what it means, how to mend it"),
    "smoke": ("scripts.commands.smoke", "Play a sale on a shop for trying, and clean up"),
    "migrate": ("scripts.commands.migrate", "Bring the database to the schema of this code"),
    "product": ("scripts.commands.product", "Import and keep the catalogue"),
    "orders": ("scripts.commands.orders", "Find, show, resend and refund orders"),
    "payments": ("scripts.commands.payments", "List, validate and refuse manual transfers"),
    "events": ("scripts.commands.events", "What payment providers told us, raw; replay it"),
    "stats": ("scripts.commands.stats", "Sales, links and downloads in figures"),
    "audit": ("scripts.commands.audit", "Who did what, and whether the log was touched"),
    "backup": ("scripts.commands.backup", "Copy the database into the store or a file"),
    "restore": ("scripts.commands.restore", "Bring a copy of the database back"),
    "support": ("scripts.commands.support", "List, answer and close questions to support"),
    "payouts": ("scripts.commands.payouts", "What sellers are owed, and what was paid"),
    "statement": ("scripts.commands.statement", "A seller's month for the accountant"),
    "reconcile": ("scripts.commands.reconcile", "Our books beside the payment providers'"),
    "sellers": ("scripts.commands.sellers", "List, approve and refuse sellers"),
    "admin": ("scripts.commands.admin", "Add and remove staff"),
    "ban": ("scripts.commands.ban", "Close the shop to a person"),
    "members": ("scripts.commands.members", "Members of channels: put out, let in again"),
    "unban": ("scripts.commands.unban", "Open the shop to a person again"),
    "token": ("scripts.commands.token", "Create, list and revoke access tokens"),
    "preview": ("scripts.commands.preview", "Make the preview of a file, and say what it took"),
    "queue": ("scripts.commands.queue", "The jobs: dashboard, lists, retries, pauses"),
    "schedule": ("scripts.commands.schedule", "Periodic jobs: last and next runs, run now, pause"),
    "bench": ("scripts.commands.bench", "Measure what the project promises"),
    "moderation": ("scripts.commands.moderation", "List, approve, refuse and block uploaded files"),
    "storage": ("scripts.commands.storage", "What the store holds, and what it costs a month"),
    "init-data-secret": ("scripts.commands.init_data_secret", "What the API needs to sign people in"),
    "retry-undelivered": ("scripts.commands.retry_undelivered", "Send paid, undelivered orders again"),
}
HELP = ("", "-h", "--help", "help")
SELDOM = 50_000  # new objects until garbage is looked for


def main() -> None:
    """Run the command named by the first argument."""
    # Nothing that is imported is garbage; to look for it there again and again is a quarter of most commands.
    gc.set_threshold(SELDOM)
    if not all(map(is_clean, sys.argv)):
        fail("An argument is not UTF-8. Type it again, or set your terminal to UTF-8 (LANG=C.UTF-8).")
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in HELP:
        print_help()
    elif name not in COMMANDS:
        fail(f"There is no command {name!r}. `comptoir --help` lists them.")
    else:
        run(name, sys.argv[2:])


def run(name: str, arguments: list[str]) -> None:
    """Run a command; an error of ours becomes a message and exit code 1, any other its traceback."""
    app: typer.Typer = import_module(COMMANDS[name][0]).app
    try:
        app(args=arguments, prog_name=f"comptoir {name}")
    except ComptoirError as error:
        fail(str(error))


def fail(message: str) -> None:
    """Say what went wrong and exit with 1."""
    # The message may hold brackets of its own: it is never read as markup.
    Console(stderr=True).print(Text.assemble(("Error: ", "bold red"), message), soft_wrap=True)
    sys.exit(1)


def print_help() -> None:
    """List the commands."""
    table = Table(box=None, show_header=False, padding=(0, 2))
    for name, (_, text) in COMMANDS.items():
        table.add_row(f"[bold]{name}[/]", text)
    console = Console()
    console.print("Usage: comptoir COMMAND [OPTIONS]    (comptoir COMMAND --help explains one)\n")
    console.print(table)


if __name__ == "__main__":
    main()
