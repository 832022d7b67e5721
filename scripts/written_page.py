"""The command line of a page that is written from the code: print it, write it, or give its source."""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path


def print_or_write(
    module: str,
    about: str,
    files: Mapping[Path, Callable[[], str]],
    source: Callable[[], object],
) -> None:
    """Do what `python -m MODULE` was asked for: with `--write` all `files`, with `--json` their source, and
    without either the last of the texts.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=about)
    names = " and ".join(path.name for path in files)
    parser.add_argument("--write", action="store_true", help=f"write {names} instead of printing")
    parser.add_argument("--json", action="store_true", help="print what is written as JSON")
    options = parser.parse_args()
    if options.write:
        for path, text in files.items():
            path.write_text(text())
    elif options.json:
        print(json.dumps(source()))
    else:
        print([*files.values()][-1]())
