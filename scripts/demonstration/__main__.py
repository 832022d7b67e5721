"""The demo: sells a real file with all real processes, and prints what happens."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from core.kit.errors import ComptoirError
from scripts.demonstration.figures import Report
from scripts.demonstration.files import random_file
from scripts.demonstration.play import play
from scripts.demonstration.tell import Teller

DEFAULT_SIZE = 1 << 30
WRONG = 1


def demo(
    file: Annotated[Path | None, typer.Option(help="Sell this file instead of random bytes")] = None,
    size: Annotated[int, typer.Option(help="Bytes of the random file")] = DEFAULT_SIZE,
    report: Annotated[Path | None, typer.Option(help="Write the figures here, as JSON")] = None,
) -> None:
    """Start the shop, sell a file through a loopback Telegram, download it, compare checksums."""
    if file is not None and not file.is_file():
        print(
            f"Error: {file} is not a file. Name one that can be read, or leave --file out.", file=sys.stderr
        )
        raise typer.Exit(WRONG)
    teller, parent = Teller(), os.environ.get("COMPTOIR_DEMO_DIR")
    if parent:
        Path(parent).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="comptoir-demo-", dir=parent) as folder:
        figures = Report()
        try:
            sold = file.absolute() if file else random_file(Path(folder), size, teller)
            play(Path(folder), sold, figures, teller)
        except (ComptoirError, AssertionError, OSError) as error:
            teller.failed(str(error))
        teller.summary(figures)
        if report is not None:
            report.write_text(json.dumps(figures.as_json(), indent=2) + "\n")
            teller.say(f"The figures are in {report}")
    if not figures.success:
        raise typer.Exit(WRONG)


if __name__ == "__main__":
    typer.run(demo)
