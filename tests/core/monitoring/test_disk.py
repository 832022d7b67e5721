"""The store's disk is looked at where it is one of this machine."""

from pathlib import Path

from core.monitoring.disk import disk_of


def test_a_folder_of_this_machine_tells_its_disk(tmp_path: Path) -> None:
    disk = disk_of(tmp_path)
    assert disk is not None
    assert 0 < disk.free < disk.total


def test_a_store_elsewhere_tells_nothing(tmp_path: Path) -> None:
    assert disk_of(None) is None
    assert disk_of(tmp_path / "missing") is None
