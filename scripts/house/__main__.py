"""`python -m scripts.house`: how the code is laid out, in figures, beside what was asked of it.

It needs no installed package and imports nothing of what it measures, so that `--tree` can name any
checkout, an old one too. Its exit code is 1 when a promise is missed.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from scripts.house.measure import figures, survey
from scripts.house.promises import Promise, promises
from scripts.house.source import Place

LISTS = ("participles", "bland", "packs", "state_strings", "state_holders", "reexports", "without_test")

COLUMNS = {  # heading: where the figure stands in a package's figures
    "modules": "modules",
    "folders": "folders",
    "median": "lines.median",
    "p90": "lines.p90",
    "max": "lines.max",
    "imports": "imports.mean",
    "own p90": "imports.own_p90",
    "own max": "imports.own_max",
    "others p90": "imports.others_p90",
    "longest": "longest_function.lines",
    "particip.": "participles",
    "bland": "bland",
    "packs": "packs",
    "states": "state_strings",
    "str states": "state_holders",
    "re-exp.": "reexports",
}


def main() -> int:
    """Measure one checkout and print its figures; 1 when a promise is missed."""
    options = _options()
    seen = survey(options.tree)
    if options.list:
        _print_places(seen.places[options.list])
        return 0
    measured = figures(seen)
    outcome = promises(measured)
    if options.json:
        print(json.dumps({**measured, "promises": [promise._asdict() for promise in outcome]}, indent=2))
    else:
        _print_packages(measured)
        _print_promises(outcome)
        _print_crowded(measured["many_imports"])
    return 0 if all(promise.ok for promise in outcome) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.house", description=__doc__)
    parser.add_argument("--tree", type=Path, default=Path(__file__).parents[2], help="another checkout")
    parser.add_argument("--json", action="store_true", help="all figures, for machines")
    parser.add_argument("--list", choices=LISTS, help="each place of one figure instead")
    return parser.parse_args()


def _print_packages(measured: dict[str, Any]) -> None:
    packages = {**measured["packages"], "shipped": measured["shipped"]}
    rows = [[name, *(_figure(of, path) for path in COLUMNS.values())] for name, of in packages.items()]
    _print_table([["", *COLUMNS], *rows])


def _figure(package: dict[str, Any], path: str) -> object:
    for name in path.split("."):
        package = package[name]
    return package


def _print_promises(outcome: Iterable[Promise]) -> None:
    print()
    rows = [[each.what, each.limit, each.measured, "ok" if each.ok else "missed"] for each in outcome]
    _print_table([["what", "asked", "measured", ""], *rows])


def _print_crowded(many_imports: dict[str, int]) -> None:
    print("\nMore than 16 imports of our own modules:")
    for name, count in sorted(many_imports.items(), key=lambda pair: -pair[1]):
        print(f"  {name} {count}")


def _print_places(places: Iterable[Place]) -> None:
    for place in places:
        print(place)


def _print_table(rows: Sequence[Sequence[object]]) -> None:
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (str(cell) for cell in row)
        cells = [
            first.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)),
        ]
        print("  ".join(cells).rstrip())


if __name__ == "__main__":
    sys.exit(main())
