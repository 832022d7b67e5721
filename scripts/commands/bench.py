"""`comptoir bench`: measure what the project promises, each on servers of its own."""

from importlib import import_module
from typing import Annotated

import typer

from scripts.bench.report import Report

app = typer.Typer(add_completion=False)
BENCHES = ("ledger", "deliver", "latency", "faults")


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help=", ".join(BENCHES))],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table")] = False,
) -> None:
    """Run one benchmark; exit code 1 when a target is missed."""
    if name not in BENCHES:
        raise typer.BadParameter(f"There is no benchmark {name!r}: choose {', '.join(BENCHES)}.")
    report: Report = import_module(f"scripts.bench.{name}").measure()
    raise typer.Exit(report.show(as_json))
