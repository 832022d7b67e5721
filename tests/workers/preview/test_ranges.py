"""The range reader against the real store, and against servers that misbehave."""

import io
import os
import random
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import urllib3

from tests.workers.preview.server import Handler, Server, serve
from workers.preview.errors import BudgetExceeded, PreviewFailed, SourceFault
from workers.preview.ranges import BLOCK, PAGE, Budget, RangeReader
from workers.preview.remote import ReadFile
from workers.preview.source import FileSource, HttpSource

DATA = random.Random(4).randbytes(2_000_003)


def source(server: Server, pool: urllib3.PoolManager) -> HttpSource:
    return HttpSource(lambda: server.url, pool)


def test_the_embedded_store_gives_the_same_bytes_as_the_file(
    stored: Callable[[bytes], HttpSource],
) -> None:
    pick = random.Random(1)
    with RangeReader(stored(DATA)) as reader:
        assert reader.size == len(DATA)
        for _ in range(300):
            offset, length = pick.randrange(len(DATA) + 100), pick.randrange(1, 90_000)
            assert reader.pread(offset, length) == DATA[offset : offset + length]
        assert reader.bytes <= len(DATA) + PAGE


def test_nothing_is_paid_for_twice(pool: urllib3.PoolManager) -> None:
    with serve(DATA) as server, RangeReader(source(server, pool)) as reader:
        for offset in (0, 500_000, 100, 540_000, 1_999_000, 0):
            reader.pread(offset, 5000)
        spans = sorted((start, stop) for start, stop, _ in server.ranges)

    assert all(stop <= start for (_, stop), (start, _) in pairwise(spans))
    assert reader.requests == len(spans)
    assert reader.bytes == sum(min(stop, len(DATA)) - start for start, stop in spans)


def test_the_first_read_costs_a_page_and_tells_the_size(pool: urllib3.PoolManager) -> None:
    with serve(DATA) as server, RangeReader(source(server, pool)) as reader:
        assert reader.head() == DATA[:PAGE]
        assert (reader.size, reader.requests, reader.bytes) == (len(DATA), 1, PAGE)


def test_read_ahead_doubles_while_reads_follow_each_other(pool: urllib3.PoolManager) -> None:
    with serve(DATA) as server, RangeReader(source(server, pool)) as reader:
        for offset in range(0, 1_900_000, 10_000):
            reader.pread(offset, 10_000)
        lengths = [stop - start for start, stop, _ in server.ranges[1:]]

    assert lengths[0] == BLOCK - PAGE
    assert lengths[1:4] == [2 * BLOCK, 4 * BLOCK, 8 * BLOCK]


def test_a_jump_ends_the_read_ahead(pool: urllib3.PoolManager) -> None:
    with serve(DATA) as server, RangeReader(source(server, pool)) as reader:
        reader.pread(0, 100_000)
        reader.pread(100_000, 50_000)
        reader.pread(1_500_000, 10)

    start, stop, _ = server.ranges[-1]
    assert stop - start == BLOCK
    assert start % BLOCK == 0


def test_a_prefetch_is_one_request_for_what_is_missing(pool: urllib3.PoolManager) -> None:
    with serve(DATA) as server, RangeReader(source(server, pool)) as reader:
        reader.head()
        reader.prefetch(0, 900_000)
        before = reader.requests
        assert reader.pread(0, 900_000) == DATA[:900_000]
        assert (before, reader.requests) == (2, 2)
        assert server.ranges[-1][:2] == (PAGE, 901_120)


def test_it_is_a_file_to_libraries(pool: urllib3.PoolManager) -> None:
    with serve(DATA) as server, RangeReader(source(server, pool)) as reader:
        file = ReadFile(reader)
        assert file.seek(-5, io.SEEK_END) == len(DATA) - 5
        assert file.read() == DATA[-5:]
        assert file.read(1) == b""
        assert file.seek(10) == 10
        buffer = bytearray(7)
        assert file.readinto(buffer) == 7
        assert (bytes(buffer), file.tell()) == (DATA[10:17], 17)
        with pytest.raises(OSError, match="negative"):
            file.seek(-1)


def test_a_local_file_is_read_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    with RangeReader(FileSource(path)) as reader:
        assert reader.pread(1_000_000, 300_000) == DATA[1_000_000:1_300_000]
    with (
        RangeReader(FileSource(tmp_path / "none")) as reader,
        pytest.raises(PreviewFailed, match="No such file"),
    ):
        _ = reader.size


def test_an_empty_object_has_no_bytes(
    pool: urllib3.PoolManager, stored: Callable[[bytes], HttpSource]
) -> None:
    with serve(b"") as server, RangeReader(source(server, pool)) as reader:
        assert (reader.size, reader.head()) == (0, b"")
    with RangeReader(stored(b"")) as reader:
        assert (reader.size, reader.head()) == (0, b"")


@pytest.mark.parametrize(
    ("budget", "outcome"),
    [
        (Budget(bytes=200_000), "over-budget"),
        (Budget(requests=3), "over-budget"),
        (Budget(seconds=0), "late"),
    ],
)
def test_a_budget_ends_in_a_named_error_before_it_is_broken(
    pool: urllib3.PoolManager, budget: Budget, outcome: str
) -> None:
    with serve(DATA) as server, RangeReader(source(server, pool), budget) as reader:
        with pytest.raises(BudgetExceeded) as caught:
            [reader.pread(offset, 100) for offset in range(0, len(DATA), 300_000)]
        assert caught.value.outcome == outcome
        assert reader.bytes <= budget.bytes
        assert reader.requests == len(server.ranges) <= budget.requests


def test_a_changed_etag_is_noticed_by_us(pool: urllib3.PoolManager) -> None:
    with serve(DATA) as server, RangeReader(source(server, pool)) as reader:
        reader.head()
        server.etag = '"two"'
        with pytest.raises(PreviewFailed) as caught:
            reader.pread(1_000_000, 10)
        assert caught.value.outcome == "changed"
        assert server.ranges[-1][2] == '"one"'  # the store was asked to notice too


def test_a_store_that_honours_if_match_is_believed(pool: urllib3.PoolManager) -> None:
    def refuse(server: Server, handler: Handler, start: int, stop: int) -> bool:
        if start:
            handler.send_head(412, 0)
        return start > 0

    with serve(DATA, refuse) as server, RangeReader(source(server, pool)) as reader:
        with pytest.raises(PreviewFailed) as caught:
            reader.pread(1_000_000, 10)
        assert caught.value.outcome == "changed"


def test_without_an_etag_the_time_of_change_tells(pool: urllib3.PoolManager) -> None:
    with serve(DATA, etag="") as server, RangeReader(source(server, pool)) as reader:
        reader.pread(0, 10)
        reader.pread(500_000, 10)
        server.modified = "Thu, 22 Oct 2015 07:28:00 GMT"
        with pytest.raises(PreviewFailed) as caught:
            reader.pread(1_000_000, 10)
        assert caught.value.outcome == "changed"


def test_a_changed_size_is_noticed(pool: urllib3.PoolManager) -> None:
    with serve(DATA, etag="", modified="") as server, RangeReader(source(server, pool)) as reader:
        reader.head()
        server.content = DATA + b"x"
        with pytest.raises(PreviewFailed, match="replaced"):
            reader.pread(1_000_000, 10)


def test_a_200_with_the_right_content_range_is_a_range(pool: urllib3.PoolManager) -> None:
    def as_rclone(server: Server, handler: Handler, start: int, stop: int) -> bool:
        handler.send_range(start, stop, status=200)
        return True

    with serve(DATA, as_rclone) as server, RangeReader(source(server, pool)) as reader:
        assert reader.pread(700_000, 10) == DATA[700_000:700_010]


def test_a_200_with_the_whole_body_ends_at_the_first_block(pool: urllib3.PoolManager) -> None:
    def whole(server: Server, handler: Handler, start: int, stop: int) -> bool:
        handler.send_head(200, len(server.content))
        handler.wfile.write(server.content)
        return True

    with serve(bytes(50_000_000), whole) as server, RangeReader(source(server, pool)) as reader:
        with pytest.raises(PreviewFailed) as caught:
            reader.head()
        assert caught.value.outcome == "no-ranges"
        assert (reader.requests, reader.bytes) == (1, 0)


def test_a_small_whole_body_is_taken(pool: urllib3.PoolManager) -> None:
    def whole(server: Server, handler: Handler, start: int, stop: int) -> bool:
        handler.send_head(200, len(server.content))
        handler.wfile.write(server.content)
        return True

    with serve(b"small", whole) as server, RangeReader(source(server, pool)) as reader:
        assert reader.head() == b"small"


def test_another_range_than_asked_is_refused(pool: urllib3.PoolManager) -> None:
    def shifted(server: Server, handler: Handler, start: int, stop: int) -> bool:
        handler.send_range(start + 1, stop)
        return True

    with serve(DATA, shifted) as server, RangeReader(source(server, pool)) as reader:
        with pytest.raises(PreviewFailed, match="another range") as caught:
            reader.head()
        assert caught.value.outcome == "no-ranges"


def test_a_hiccup_is_bridged_and_counted(pool: urllib3.PoolManager) -> None:
    def hiccup(server: Server, handler: Handler, start: int, stop: int) -> bool:
        if len(server.ranges) == 2:
            handler.send_head(503, 0)
            return True
        return False

    with serve(DATA, hiccup) as server, RangeReader(source(server, pool)) as reader:
        assert reader.pread(1_000_000, 10) == DATA[1_000_000:1_000_010]
        assert reader.requests == len(server.ranges) == 3


def test_a_broken_body_is_taken_up_where_it_ended(pool: urllib3.PoolManager) -> None:
    def cut(server: Server, handler: Handler, start: int, stop: int) -> bool:
        if len(server.ranges) != 2:
            return False
        handler.send_head(206, stop - start, f"bytes {start}-{stop - 1}/{len(DATA)}")
        handler.wfile.write(DATA[start : start + 2 * PAGE + 100])
        handler.close_connection = True
        return True

    with serve(DATA, cut) as server, RangeReader(source(server, pool)) as reader:
        reader.head()
        reader.prefetch(0, 500_000)
        assert reader.pread(0, 500_000) == DATA[:500_000]
        assert server.ranges[2][0] == server.ranges[1][0] + 2 * PAGE


def test_a_store_that_stays_away_is_unavailable(pool: urllib3.PoolManager) -> None:
    with serve(DATA) as server:
        url = server.url
    with RangeReader(HttpSource(lambda: url, pool)) as reader:
        with pytest.raises(SourceFault) as caught:
            reader.head()
        assert (caught.value.outcome, reader.requests) == ("unavailable", 3)


@pytest.mark.parametrize("drip", [True, False], ids=["slow", "silent"])
def test_a_store_that_is_slow_or_silent_ends_at_the_deadline(pool: urllib3.PoolManager, drip: bool) -> None:
    def hold(server: Server, handler: Handler, start: int, stop: int) -> bool:
        if drip:
            handler.send_head(206, stop - start, f"bytes {start}-{stop - 1}/{len(DATA)}")
        while not server.stopping.wait(0.05):
            if drip:
                handler.wfile.write(b"x")
        return True

    with serve(DATA, hold) as server, RangeReader(source(server, pool), Budget(seconds=0.6)) as reader:
        started = time.monotonic()
        with pytest.raises(PreviewFailed) as caught:
            reader.head()
        assert caught.value.outcome == "late"
        assert time.monotonic() - started < 10  # a bound on the hang, not a measurement


def test_an_expired_signature_is_renewed(pool: urllib3.PoolManager) -> None:
    def expire(server: Server, handler: Handler, start: int, stop: int) -> bool:
        if start and handler.path.endswith("?1"):
            handler.send_head(403, 0)
            return True
        return False

    with serve(DATA, expire) as server:
        signatures = iter(range(1, 9))
        renewing = HttpSource(lambda: f"{server.url}?{next(signatures)}", pool)
        with RangeReader(renewing) as reader:
            assert reader.pread(1_000_000, 10) == DATA[1_000_000:1_000_010]
        assert server.paths == ["/object?1", "/object?1", "/object?2"]


def test_a_refusal_that_no_signature_mends_is_not_repeated(pool: urllib3.PoolManager) -> None:
    def refuse(server: Server, handler: Handler, start: int, stop: int) -> bool:
        handler.send_head(403, 0)
        return True

    with serve(DATA, refuse) as server, RangeReader(source(server, pool)) as reader:
        with pytest.raises(PreviewFailed, match="HTTP 403"):
            reader.head()
        assert len(server.ranges) == 1


def test_what_was_read_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "file"
    path.write_bytes(DATA)
    with RangeReader(FileSource(path)) as reader:
        reader.pread(0, 100_000)
        assert os.listdir(tmp_path) == ["file"]
