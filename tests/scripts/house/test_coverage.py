"""The share of the code that tests run, by package."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.embedded.process import PROJECT
from scripts.house.coverage import by_package, main


def file(covered: int, statements: int) -> dict[str, Any]:
    """One file of coverage.py's JSON, half of it branches."""
    summary = {"covered_lines": covered, "num_statements": statements}
    return {"summary": {**summary, "covered_branches": covered, "num_branches": statements}}


def test_no_run_that_measures_passes_over_what_it_found() -> None:
    script = (PROJECT / "scripts/test").read_text()
    _, found, after = script.partition('scripts.house.coverage "$COVERAGE" || coverage=$?')

    assert found
    assert "coverage=0" not in after
    assert after.rstrip().endswith("exit $((pytest || miniapp || coverage))")
    assert "COVERAGE=" in (PROJECT / ".ci/run").read_text()


REPORT = {
    "files": {
        "core/kit/money.py": file(98, 100),
        "core/orders/orders.py": file(92, 100),
        "core/wiring.py": file(0, 0),
        "bot/app.py": file(1, 4),
    }
}


def test_lines_and_branches_count_alike_by_package_and_by_room_of_core() -> None:
    assert by_package(REPORT) == {"bot": 25.0, "core": 95.0, "core/kit": 98.0, "core/orders": 92.0}


@pytest.mark.parametrize(("covered", "status"), [(92, 0), (91, 1)])
def test_less_of_core_than_was_promised_ends_with_1(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    covered: int,
    status: int,
) -> None:
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps({"files": {**REPORT["files"], "core/orders/orders.py": file(covered, 100)}}))
    monkeypatch.setattr(sys, "argv", ["coverage", "--json", str(path)])

    assert main() == status
    printed = capsys.readouterr()
    assert json.loads(printed.out)["core/orders"] == covered
    assert bool(printed.err) is bool(status)
