"""`python -m scripts.house.coverage REPORT`: what the tests run, by package, out of coverage.py's JSON.

Lines and branches together, in the processes of pytest alone: what only the shop's own processes run is not
counted, so the figure is the least that holds. The exit code is 1 where `core` is below what is promised.
"""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

PROMISED = 95.0  # percent of core


def main() -> int:
    """Print a table, and say whether the promise holds."""
    parser = argparse.ArgumentParser(prog="python -m scripts.house.coverage", description=__doc__)
    parser.add_argument("report", type=Path, help="what `coverage json` or pytest-cov wrote")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    shares = by_package(json.loads(options.report.read_text()))
    if options.json:
        print(json.dumps(shares, indent=2))
    else:
        for package, share in shares.items():
            print(f"{package:<20} {share:5.1f} %")
    if shares["core"] >= PROMISED:
        return 0
    sys.stderr.write(f"core is at {shares['core']} % of lines and branches; {PROMISED:g} % are promised.\n")
    return 1


def by_package(report: dict[str, Any]) -> dict[str, float]:
    """Percent of lines and branches, of each package and of each room of core."""
    covered: dict[str, int] = defaultdict(int)
    present: dict[str, int] = defaultdict(int)
    for name, file in report["files"].items():
        top, *rest = Path(name).parts
        rooms = {top, f"{top}/{rest[0]}"} if top == "core" and len(rest) > 1 else {top}
        summary = file["summary"]
        for package in rooms:
            covered[package] += summary["covered_lines"] + summary["covered_branches"]
            present[package] += summary["num_statements"] + summary["num_branches"]
    return {
        package: round(100 * covered[package] / present[package], 1)
        for package in sorted(present)
        if present[package]
    }


if __name__ == "__main__":
    sys.exit(main())
