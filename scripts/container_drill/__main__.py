"""The container drill: builds the shop's images, runs them, and says what became of it."""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import httpx
import typer

from core.kit.errors import ComptoirError
from scripts.container_drill.engine import an_engine
from scripts.container_drill.play import play

DOCKER = Path("/var/tmp/comptoir-docker")  # noqa: S108  (images are kept from one drill to the next)


def drill(
    report: Annotated[Path | None, typer.Option(help="Write what was found here too, as JSON")] = None,
    docker: Annotated[Path, typer.Option(help="Folder of an engine that is started for the drill")] = DOCKER,
    json_only: Annotated[bool, typer.Option("--json", help="Print nothing but the report")] = False,
) -> None:
    """Make stand-ins of images that cannot be had, build, sell and deliver a file through the proxy, upgrade
    under clicks, kill, go back, and restore a backup. Ports 80 and 443 of this machine have to be free.
    """
    started = time.monotonic()

    def tell(text: str) -> None:
        if not json_only:
            print(f"{time.monotonic() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    outcome: dict[str, object] = {}
    try:
        with an_engine(docker) as engine, tempfile.TemporaryDirectory(prefix="comptoir-drill-") as folder:
            play(engine, Path(folder), outcome, tell)
        outcome["failed"] = ""
    except (ComptoirError, AssertionError, OSError, httpx.HTTPError) as error:
        outcome["failed"] = str(error) or type(error).__name__
    outcome["seconds"] = round(time.monotonic() - started)
    text = json.dumps(outcome, indent=2)
    print(text)
    if report is not None:
        report.write_text(f"{text}\n")
    if outcome["failed"]:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(drill)
