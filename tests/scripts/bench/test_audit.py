"""The benchmark of the audit log fills one that holds."""

from scripts.bench.audit import measure


def test_a_small_log_is_filled_sealed_and_found_whole() -> None:
    report = measure(count=50)
    assert [target.ok for target in report.targets if "broken" in target.what] == [True] * 4
    assert report.facts["entries"] == 50
