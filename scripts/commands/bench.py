"""`comptoir bench`: measure what the project promises, each on servers of its own."""

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Annotated

import typer

from scripts.bench.report import Report

# About how long each takes on two cores, and what it measures.
BENCHES = {
    "ledger": ("9 min", "jobs a second beside four others, time to start"),
    "ledger-size": ("2 min", "screens and writes with a million finished jobs"),
    "statements": ("10 s", "SQL statements of a sale in Stars and of a click"),
    "stories": ("6 min", "200 stories of orders, refunds, pauses: access and sums"),
    "card-stories": ("12 min", "500 stories of cards: months, disputes, kills, books"),
    "deliver": ("1 min", "1,000 deliveries of 10 GiB: memory, bytes through us"),
    "small-host": ("15 min", "everything in 512 MiB: 10 GiB sold, previews, backup"),
    "latency": ("4 min", "how long people wait, at rest and behind 5,000 others"),
    "faults": ("15 min", "5,000 deliveries while part after part dies"),
    "mixed-faults": ("40 min", "jobs of all kinds; clock, disk and poison as well"),
    "overload": ("12 min", "the API beyond what it can do, notices of noise"),
    "hostile": ("6 min", "buyers' clicks while others mean harm"),
    "audit": ("2 min", "re-reading an audit log of a million entries"),
    "soak": ("25 min", "200 jobs a second for long: nothing may grow"),
    "crowd": ("11 min", "1,000 people at once in bot, Mini App and on the web"),
    "scale": ("10 min", "workers on three hosts, and what an order costs"),
    "start": ("2 min", "how long store and shop take to start and to stop"),
    "move": ("25 min", "a shop of an earlier version upgraded, 100 GiB in it"),
    "preview": ("10 min", "bytes and memory of previews; makes 17 GB of files"),
    "corpus": ("20 min", "previews of every format and of 2,000 damaged files"),
    "upload": ("7 min", "10 GiB out of Chromium, closed and opened again"),
    "stripe": ("3 min", "cards: webhooks, payment to message, ends of access"),
    "members": ("20 min", "a private channel: the door, 5,000 ends, dead parts"),
}
LIST = "\n".join(f"[bold]{name:<12}[/]  {time:>6}  {what}" for name, (time, what) in BENCHES.items())

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command(epilog=LIST)
def bench(
    name: Annotated[str, typer.Argument(help="Which: one of those below", show_default=False)],
    folder: Annotated[
        Path | None, typer.Argument(help="Of corpus: where its files and its page go", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table")] = False,
    count: Annotated[
        int | None,
        typer.Option(
            min=1, help="Deliveries, finished jobs, members, GiB to upload, instead of what is promised"
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Of the faults, the drills of members or the formats of corpus, only this one"),
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0.05, help="How long, where it goes by time")] = None,
    mib: Annotated[int | None, typer.Option(min=1, help="Of small-host and move: MiB of the files")] = None,
    previews: Annotated[int | None, typer.Option(min=2, help="Of small-host: files to look into")] = None,
    seed: Annotated[int | None, typer.Option(min=1, help="Of the stories: another seed, other ones")] = None,
    seconds: Annotated[int | None, typer.Option(min=1, help="How long each attack goes on")] = None,
    pool: Annotated[
        int | None, typer.Option(min=1, help="DATABASE_POOL of the overload, and no overflow beside it")
    ] = None,
) -> None:
    """Run one benchmark; exit code 1 when a target is missed."""
    if name not in BENCHES:
        raise typer.BadParameter(f"There is no benchmark {name!r}: choose {', '.join(BENCHES)}.")
    measure: Callable[..., Report] = import_module(f"scripts.bench.{name.replace('-', '_')}").measure
    options: dict[str, object] = {
        "count": count,
        "only": only,
        "minutes": minutes,
        "seconds": seconds,
        "seed": seed,
    }
    options |= {"pool": pool, "folder": folder, "mib": mib, "previews": previews}
    arguments = {option: value for option, value in options.items() if value}
    if unknown := arguments.keys() - signature(measure).parameters.keys():
        raise typer.BadParameter(f"bench {name} takes no --{unknown.pop()}.")
    raise typer.Exit(measure(**arguments).show(as_json))
