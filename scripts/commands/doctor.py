"""`comptoir doctor`: one page that says what is wrong, what it means and how to mend it."""

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from scripts.terminal.console import Json, Var, row_of, show_json
from scripts.terminal.context import load_settings, var_folder

if TYPE_CHECKING:
    from core.process.logs import Redactor
    from core.process.settings import Settings
    from scripts.doctor.finding import Finding

app = typer.Typer(add_completion=False)
CODES = {"ok": 0, "warn": 0, "fail": 1}
PATIENCE = 40.0  # seconds; each check has shorter ones of its own


Store = Annotated[
    bool,
    typer.Option("--store", help="Only try the store: everything that the shop relies on, clause by clause."),
]


@app.command()
def doctor(as_json: Json = False, store: Store = False, var: Var = None) -> None:
    """Look at settings, rails, database, clock, workers, admins, questions, backups, Redis, who would take
    over from either, poolers, store and its servers, Stripe, Telegram, web address and proxies, ffmpeg, disk
    and memory; and at what a buyer would hit: names, certificates, a file by the store's public address, an
    upload, the Mini App.

    Nothing is changed but for a small object in the store, which is removed again. Exit code 1 when something
    fails; a warning is none.

    With --store any S3 is tried, also one that the shop does not use yet: set S3_ENDPOINT, S3_REGION,
    S3_BUCKET and both keys before the command. It sends about 16 MiB in 1,500 requests, ends within minutes,
    and removes what it stored.
    """
    from core.process.logs import Redactor, secrets_of

    settings = load_settings(var)
    redactor = Redactor(secrets_of(settings))
    findings = _store(settings, redactor.clean) if store else _shop(settings, redactor, var)
    sys.exit(_shown(findings, as_json=as_json))


def _store(settings: "Settings", clean: Callable[[str], str]) -> "Iterable[Finding]":
    from dataclasses import replace

    from scripts.doctor.store_contract.contract import examine_store

    for finding in examine_store(settings):
        yield replace(finding, found=clean(finding.found))


def _shop(settings: "Settings", redactor: "Redactor", var: Var) -> "Iterable[Finding]":
    from scripts.doctor import data, machine, outside, proxy, public, store_servers, stripe, takeover
    from scripts.doctor.finding import examine

    return examine(
        {
            "settings": lambda: machine.settings_agree(settings),
            "rails": lambda: machine.payments(settings),
            "database": lambda: data.database(settings),
            "pooler": lambda: takeover.pooler(settings),
            "redis": lambda: data.redis_server(settings),
            "store": lambda: outside.store(settings),
            "store servers": lambda: store_servers.store_servers(settings),
            "stripe": lambda: stripe.stripe(settings),
            "bot": lambda: outside.telegram(settings, data.channels(settings)),
            "web": lambda: outside.web(settings),
            "names": lambda: public.names(settings),
            "download": lambda: public.download(settings),
            "mini app": lambda: public.mini_app(settings),
            "proxy": lambda: proxy.proxy(settings),
            "ffmpeg": machine.ffmpeg,
            "disk": lambda: machine.disk(var_folder(var)),
            "memory": machine.memory,
        },
        patience=PATIENCE,
        redactor=redactor,
    )


def _shown(findings: "Iterable[Finding]", *, as_json: bool) -> int:
    """Show each finding as it comes, and return the exit code."""
    from scripts.doctor import page
    from scripts.doctor.finding import worst

    console = Console(highlight=False)
    seen = []
    for finding in findings:
        seen.append(finding)
        for line in [] if as_json else page.lines([finding], console.width):
            console.print(line, soft_wrap=True)
    if as_json:
        show_json([row_of(item) for item in seen])
    else:
        console.print(page.summary(seen), soft_wrap=True)
    return CODES[worst(seen)]
