"""`comptoir bench`: measure what the project promises, each on servers of its own."""

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from typing import Annotated

import typer

from scripts.bench.report import Report

# About how long each takes on two cores, and what it measures.
BENCHES = {
    "ledger": ("4 min", "jobs a second beside Dramatiq and Celery, time to start"),
    "ledger-size": ("2 min", "screens and writes with a million finished jobs"),
    "statements": ("10 s", "SQL statements of a sale in Stars and of a click"),
    "deliver": ("1 min", "1,000 deliveries of 10 GiB: memory, bytes through us"),
    "latency": ("4 min", "how long people wait, at rest and behind 5,000 others"),
    "faults": ("15 min", "5,000 deliveries while part after part dies"),
    "mixed-faults": ("40 min", "jobs of all kinds; clock, disk and poison as well"),
    "overload": ("12 min", "the API beyond what it can do, notices of noise"),
    "soak": ("25 min", "200 jobs a second for long: nothing may grow"),
    "scale": ("10 min", "workers on three hosts, and what an order costs"),
    "preview": ("10 min", "bytes and memory of previews; makes 17 GB of files"),
    "upload": ("7 min", "10 GiB out of Chromium, closed and opened again"),
    "members": ("20 min", "a private channel: the door, 5,000 ends, dead parts"),
}
LIST = "\n".join(f"[bold]{name:<12}[/]  {time:>6}  {what}" for name, (time, what) in BENCHES.items())

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command(epilog=LIST)
def bench(
    name: Annotated[str, typer.Argument(help="Which: one of those below", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table")] = False,
    count: Annotated[
        int | None,
        typer.Option(
            min=1, help="Deliveries, finished jobs, members, GiB to upload, instead of what is promised"
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Of the faults, or the drills of members, only this one")
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0.05, help="How long, where it goes by time")] = None,
) -> None:
    """Run one benchmark; exit code 1 when a target is missed."""
    if name not in BENCHES:
        raise typer.BadParameter(f"There is no benchmark {name!r}: choose {', '.join(BENCHES)}.")
    measure: Callable[..., Report] = import_module(f"scripts.bench.{name.replace('-', '_')}").measure
    options = {"count": count, "only": only, "minutes": minutes}
    arguments = {option: value for option, value in options.items() if value}
    if unknown := arguments.keys() - signature(measure).parameters.keys():
        raise typer.BadParameter(f"bench {name} takes no --{unknown.pop()}.")
    raise typer.Exit(measure(**arguments).show(as_json))
