"""Moves the objects of an earlier version, which are files below `var/store`, into the store of today.

It goes on where it was stopped. A file is removed once its object stands in the store and everything written
so far has reached the disk, so that little more room is needed than the largest file takes.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from core.process.settings import Settings
from scripts.embedded.process import StackError
from workers.store import S3Store
from workers.store_copy import BATCH, Copied, Copy, FolderPlace, Source

FOLDER = "store"
GIB = 1 << 30
ROOM = GIB // 2  # bytes that are left free beside the largest file


def earlier_objects(var: Path) -> Path | None:
    """The folder of the buckets of an earlier version; None where there is nothing to move."""
    folder = var / FOLDER
    return folder if folder.is_dir() and any(path.is_file() for path in folder.rglob("*")) else None


def move_objects(folder: Path, bucket: str, settings: Settings, report: Callable[[str], None]) -> Copied:
    """Move all files of the bucket into the store of these settings; returns what was copied.

    Raises `StackError` where the disk has no room for it, `StoreUnavailable`; called again, it goes on.
    """
    place = FolderPlace(folder / bucket)
    sources = list(place.objects())
    _check_room(folder, sources)
    total = sum(source.size for source in sources)
    report(f"moving {len(sources)} objects ({total / GIB:.1f} GiB) into the new store")
    moving = _Moving(place, len(sources), report)
    copied = Copy(place, S3Store(settings), done=moving.arrived).run()
    moving.settle()
    if earlier_objects(folder.parent) is None:  # files of other buckets stay
        shutil.rmtree(folder)
    sent = f"{copied.objects} objects copied ({copied.bytes} bytes)"
    report(f"moved: {sent}, {copied.present} were there already")
    return copied


class _Moving:
    """Removes the files whose objects are safe, a batch at a time."""

    def __init__(self, place: FolderPlace, count: int, report: Callable[[str], None]) -> None:
        self._place = place
        self._count = count
        self._report = report
        self._batch: list[Source] = []
        self._moved = 0

    def arrived(self, source: Source) -> None:
        """An object stands in the store."""
        self._batch.append(source)
        if sum(each.size for each in self._batch) >= BATCH:
            self.settle()

    def settle(self) -> None:
        """Wait for the disk, then remove the files of the batch."""
        os.sync()  # the store does not wait for the disk itself
        for source in self._batch:
            self._place.remove(source.key)
        self._moved += len(self._batch)
        self._batch = []
        self._report(f"moved {self._moved} of {self._count} objects")


def _check_room(folder: Path, sources: list[Source]) -> None:
    needed = max((source.size for source in sources), default=0) + min(
        BATCH, sum(source.size for source in sources)
    )
    free = shutil.disk_usage(folder).free
    if free < needed + ROOM:
        raise StackError(
            f"The objects in {folder} cannot be moved into the new store: that needs "
            f"{(needed + ROOM) / GIB:.1f} GiB free, and there are {free / GIB:.1f}. Make room and start "
            "again; nothing was changed."
        )
