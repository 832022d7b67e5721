"""`comptoir doctor`: one page that says what is wrong, what it means and how to mend it."""

import sys

import typer

from scripts.terminal.console import Json, Var, row_of, show_rows
from scripts.terminal.context import load_settings, var_folder

app = typer.Typer(add_completion=False)
COLUMNS = ("name", "state", "found", "mend")
CODES = {"ok": 0, "warn": 0, "fail": 1}
PATIENCE = 40.0  # seconds; each check has shorter ones of its own


@app.command()
def doctor(as_json: Json = False, var: Var = None) -> None:
    """Look at settings, rails, database, clock, workers, admins, backups, Redis, store, Telegram, web
    address, ffmpeg, disk and memory.

    Nothing is changed but for a small object in the store, which is removed again. Exit code 1 when something
    fails; a warning is none.
    """
    from core.process.logs import Redactor, secrets_of
    from scripts.doctor import data, machine, outside
    from scripts.doctor.finding import examine, worst

    settings = load_settings(var)
    findings = examine(
        {
            "settings": lambda: machine.settings_agree(settings),
            "rails": lambda: machine.payments(settings),
            "database": lambda: data.database(settings),
            "redis": lambda: data.redis_server(settings),
            "store": lambda: outside.store(settings),
            "bot": lambda: outside.telegram(settings, data.channels(settings)),
            "web": lambda: outside.web(settings),
            "ffmpeg": machine.ffmpeg,
            "disk": lambda: machine.disk(var_folder(var)),
            "memory": machine.memory,
        },
        patience=PATIENCE,
        redactor=Redactor(secrets_of(settings)),
    )
    show_rows([row_of(item) for item in findings], COLUMNS, as_json, "Nothing was looked at.")
    sys.exit(CODES[worst(findings)])
