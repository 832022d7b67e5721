"""The store in the box: shut but for S3, and with all that it had after a kill."""

import json
import os
import resource
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
import urllib3
from urllib3.exceptions import HTTPError

from core.kit.errors import StoreUnavailable
from scripts.embedded.store import PORTS, Store
from scripts.embedded.store_access import make_keys
from tests.support.stored import reaching
from tests.support.waiting import wait_until
from workers.store import S3Store

PART = 5 << 20
DANGEROUS = (
    "/dir/assign",
    "/col/delete?collection=comptoir",
    "/vol/grow?count=1",
    "/buckets/comptoir/",
    "/1,01",
)


def status(port: int, path: str) -> int:
    """What a stranger is answered; 0 where HTTP is not spoken."""
    try:
        return urllib3.request("GET", f"http://127.0.0.1:{port}{path}", retries=False, timeout=5).status
    except HTTPError:
        return 0


def test_no_port_of_it_does_anything_without_a_key(store: Store) -> None:
    ports = json.loads((store.data / PORTS).read_text())

    answers = {(port, path): status(port, path) for port in ports for path in DANGEROUS}

    assert len(ports) == 10
    assert set(answers.values()) <= {0, 401, 403, 404}, answers
    assert status(store.port, "/healthz") == 200
    open_files = [
        path.name for path in store.data.iterdir() if path.is_file() and path.stat().st_mode & 0o077
    ]
    assert open_files in ([], [PORTS]), "keys are their owner's alone"


def is_found_stuck(server: Store, s3: S3Store) -> bool:
    """Ask for something to be written, which is refused for good, and see whether that was noticed."""
    with suppress(StoreUnavailable):
        s3.multipart.begin(f"a/{uuid4()}", "text/plain")
    return not server.running()


def test_a_store_that_had_no_room_for_its_list_is_started_again_once_there_is_some(tmp_path: Path) -> None:
    server = Store(tmp_path / "data", tmp_path / "log", make_keys())
    try:
        server.start()
        first, s3 = server.pid, S3Store(reaching(server))
        soft, hard = resource.prlimit(first, resource.RLIMIT_FSIZE)
        resource.prlimit(first, resource.RLIMIT_FSIZE, (0, hard))
        with pytest.raises(StoreUnavailable):
            s3.multipart.begin(f"a/{uuid4()}", "text/plain")
        resource.prlimit(first, resource.RLIMIT_FSIZE, (soft, hard))

        wait_until(lambda: is_found_stuck(server, s3))
        server.start()

        assert server.pid != first
        assert server.running()
        for number in range(24):  # of each part of its list
            assert s3.multipart.begin(f"b/{number}", "text/plain")
    finally:
        server.stop()


def test_a_kill_keeps_objects_unfinished_uploads_and_the_address(tmp_path: Path) -> None:
    server = Store(tmp_path / "data", tmp_path / "log", make_keys())
    try:
        server.start()
        s3, name, first = S3Store(reaching(server)), f"a/{uuid4()}", os.urandom(PART)
        upload_id = s3.multipart.begin(name, "text/plain")
        etag = s3.multipart.put_bytes(name, upload_id, 1, first)
        server.kill()
        server.start()

        again = s3.multipart.put_bytes(name, upload_id, 2, b"end")
        s3.multipart.complete(name, upload_id, [etag, again])
        assert b"".join(s3.chunks(name)) == first + b"end"
    finally:
        server.stop()
    assert not server.running()
    left = {int(path.stem.rpartition("-")[2]) for path in Path("/tmp").glob("seaweedfs-*-*.sock")}
    assert not left & set(json.loads((server.data / PORTS).read_text())), "no socket is left"
