"""The store's disk gets full in the middle of an upload, and is given room.

On a disk of its own (tmpfs(5)), which only root can make.
"""

import io
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from core.kit.errors import StoreUnavailable
from core.monitoring.disk import disk_of
from core.uploads.part_plan import UploadPlan
from core.uploads.room import is_full, room_for_upload
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from tests.support.stored import reaching
from tests.support.twisting_store import Answer, Request, TwistingStore
from workers.store import S3Store

PART = 5 << 20
PLAN = UploadPlan(8 * PART, PART)
SMALL = "size=26m"  # room for four parts
LARGE = "size=120m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", SMALL, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can make a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def running(folder: Path, log: Path) -> Iterator[Store]:
    store = Store(folder, log, make_keys())
    store.start()
    try:
        yield store
    finally:
        store.stop()


def test_an_upload_into_a_full_store_goes_on_once_there_is_room_and_sends_no_part_twice(
    disk: Path, tmp_path: Path
) -> None:
    accepted: Counter[int] = Counter()

    def count(request: Request, answer: Answer) -> Answer:
        number = re.search(r"partNumber=(\d+)", request.path)
        if number and request.method == "PUT" and answer.status == 200:
            accepted[int(number[1])] += 1
        return answer

    content = os.urandom(PLAN.size)
    with running(disk, tmp_path / "store.log") as store, TwistingStore(store.port, behind=count) as proxy:
        s3 = S3Store(replace(reaching(store), s3_endpoint=proxy.url))
        upload_id = s3.multipart.begin("film", "video/mp4")
        with pytest.raises(StoreUnavailable):
            s3.multipart.send("film", upload_id, io.BytesIO(content), PLAN)

        assert is_full(disk_of(store.data), PART)
        assert room_for_upload(disk_of(store.data)) == 0
        held = s3.multipart.list_parts("film", upload_id)
        assert set(held) == set(accepted)

        subprocess.run(["mount", "-o", f"remount,{LARGE}", str(disk)], check=True)
        assert not is_full(disk_of(store.data), PART)
        s3.multipart.send("film", upload_id, io.BytesIO(content), PLAN)

        assert accepted == Counter(range(1, PLAN.count + 1))
        assert b"".join(s3.chunks("film")) == content
