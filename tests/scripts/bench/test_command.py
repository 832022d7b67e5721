"""`comptoir bench`: what it says and how it ends, without measuring anything."""

import json

import pytest
from typer.testing import CliRunner

from scripts.bench import deliver
from scripts.bench.report import Report
from scripts.commands.bench import BENCHES, app
from scripts.embedded.process import StackError

runner = CliRunner()


def measure_badly(count: int = 1000) -> Report:
    report = Report("deliver")
    report.at_most("growth", 10, 12.5, "MiB")
    report.equal("orders", count, count)
    report.facts["fdatasync_ms"] = 1.5
    return report


def test_a_missed_target_is_told_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "measure", measure_badly)

    done = runner.invoke(app, ["deliver", "--json", "--count", "7"])

    assert done.exit_code == 1
    assert json.loads(done.stdout) == {
        "name": "deliver",
        "targets": [
            {"what": "growth", "asked": "<= 10 MiB", "measured": "12.50 MiB", "ok": False},
            {"what": "orders", "asked": "7", "measured": "7", "ok": True},
        ],
        "fdatasync_ms": 1.5,
    }
    assert "missed" in runner.invoke(app, ["deliver"]).stdout


def test_the_help_says_in_a_line_what_each_measures_and_how_long_it_takes() -> None:
    help_text = runner.invoke(app, ["--help"], env={"COLUMNS": "80"}).stdout
    lines = [line.split(maxsplit=3) for line in help_text.splitlines()]
    for name, (time, what) in BENCHES.items():
        assert [name, *time.split(), what] in [[*line[:-1], line[-1].rstrip()] for line in lines if line]


def test_an_option_of_another_benchmark_is_refused() -> None:
    done = runner.invoke(app, ["deliver", "--only", "store away"])

    assert done.exit_code == 2
    assert "takes no --only" in done.output


def test_a_benchmark_and_a_fault_that_do_not_exist_are_named() -> None:
    assert "There is no benchmark 'speed'" in runner.invoke(app, ["speed"]).output
    done = runner.invoke(app, ["faults", "--only", "flood"])
    assert isinstance(done.exception, StackError)
    assert "store away" in str(done.exception)
