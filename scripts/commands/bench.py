"""`comptoir bench`: measure what the project promises, each on servers of its own."""

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from typing import Annotated

import typer

from scripts.bench.report import Report

app = typer.Typer(add_completion=False)
BENCHES = (
    "ledger",
    "ledger-size",
    "deliver",
    "latency",
    "faults",
    "mixed-faults",
    "overload",
    "soak",
    "scale",
    "preview",
    "upload",
    "members",
)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help=", ".join(BENCHES))],
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
    asked = {"count": count, "only": only, "minutes": minutes}
    given = {option: value for option, value in asked.items() if value}
    if unknown := given.keys() - signature(measure).parameters.keys():
        raise typer.BadParameter(f"bench {name} takes no --{unknown.pop()}.")
    raise typer.Exit(measure(**given).show(as_json))
