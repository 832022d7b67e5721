"""The common form of benchmarks."""

import json
from pathlib import Path

import pytest

from scripts.bench.report import Report, fdatasync_milliseconds, percentile


def test_a_missed_target_is_exit_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("ledger", facts={"jobs": 7})
    report.at_least("speed", 2, 2.5, "times")
    assert report.show(as_json=True) == 0
    report.at_most("wait", 3, 3.01, "ms")
    assert report.show(as_json=True) == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["name"], first["jobs"], len(first["targets"])) == ("ledger", 7, 1)
    assert second["targets"][1] == {"what": "wait", "asked": "<= 3 ms", "measured": "3.01 ms", "ok": False}


def test_a_report_without_targets_proves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert Report("empty").show(as_json=False) == 1


def test_people_see_which_target_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("x")
    report.equal("lost", 0, 3)
    assert report.show(as_json=False) == 1
    assert "missed" in capsys.readouterr().out


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1, 100), (0, 1)])
def test_a_percentile_is_the_nearest_rank(share: float, expected: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], share) == expected


def test_syncing_a_page_takes_some_time(tmp_path: Path) -> None:
    assert fdatasync_milliseconds(tmp_path, times=5) > 0
