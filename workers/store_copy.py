"""Copies all objects of one store, or of a folder that held them, into another; taken up where it broke off.

An object is copied part by part; the target compares each with its checksum, and we the size of the whole.
What is there already is not sent again: whole objects by size, parts of an unfinished one by size and MD5.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.kit.errors import StoreUnavailable
from core.kit.media_types import media_type_of
from core.uploads.part_plan import Part, UploadPlan, plan_upload
from workers.store import S3Store

BATCH = 1 << 30  # bytes after which what was copied is on the disk, and its source may go


@dataclass(frozen=True)
class Source:
    """An object to copy; `size` in bytes."""

    key: str
    size: int


class Place(Protocol):
    """Where objects are copied from."""

    def objects(self) -> Iterator[Source]:
        """All objects, in the order of their keys."""

    def content_type(self, key: str) -> str:
        """The MIME type of an object."""

    def read(self, key: str, offset: int, length: int) -> bytes:
        """Some bytes of an object. Raises `StoreUnavailable` where they are not to be had."""


class StorePlace:
    """A bucket of an S3 store."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    def objects(self) -> Iterator[Source]:
        """All objects of the bucket, in the order of their keys."""
        return (Source(stored.key, stored.size) for stored in self._store.names(""))

    def content_type(self, key: str) -> str:
        """As the store says."""
        stored = self._store.head(key)
        return stored.content_type if stored else "application/octet-stream"

    def read(self, key: str, offset: int, length: int) -> bytes:
        """A ranged GET."""
        return self._store.read_range(key, offset, length)


class FolderPlace:
    """A folder whose files are the objects, as `rclone serve s3` keeps a bucket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def objects(self) -> Iterator[Source]:
        """All files below the folder, in the order of their keys."""
        paths = (path for path in self._folder.rglob("*") if path.is_file())
        for path in sorted(paths):
            yield Source(path.relative_to(self._folder).as_posix(), path.stat().st_size)

    def content_type(self, key: str) -> str:
        """By the name: the folder knows no other."""
        return media_type_of(key) or "application/octet-stream"

    def read(self, key: str, offset: int, length: int) -> bytes:
        """Bytes of the file."""
        try:
            with (self._folder / key).open("rb") as file:
                return os.pread(file.fileno(), length, offset)
        except OSError as error:
            raise StoreUnavailable(f"{self._folder / key} cannot be read: {error.strerror}.") from None

    def remove(self, key: str) -> None:
        """Remove a file, and the folders that it leaves empty."""
        path = self._folder / key
        path.unlink(missing_ok=True)
        for folder in path.relative_to(self._folder).parents:
            if folder != Path() and not any((self._folder / folder).iterdir()):
                (self._folder / folder).rmdir()


@dataclass
class Copied:
    """What a run did: objects and bytes that were sent, and objects that were there already."""

    objects: int = 0
    bytes: int = 0
    present: int = 0


class Copy:
    """A copy from one place to a store. `done` is called for each object that is in the target now."""

    def __init__(
        self,
        place: Place,
        target: S3Store,
        *,
        done: Callable[[Source], None] = lambda source: None,
        progress: Callable[[Copied], None] = lambda copied: None,
    ) -> None:
        self._place = place
        self._target = target
        self._done = done
        self._progress = progress
        self.copied = Copied()

    def run(self) -> Copied:
        """Copy all that is missing. Raises `StoreUnavailable`; run again, it goes on."""
        for source in self._place.objects():
            stored = self._target.head(source.key)
            if stored is not None and stored.size == source.size:
                self.copied.present += 1
            else:
                self._copy(source)
                self.copied.objects += 1
            self._done(source)
            self._progress(self.copied)
        return self.copied

    def _copy(self, source: Source) -> None:
        multipart, key = self._target.multipart, source.key
        upload_id = multipart.unfinished(key) or multipart.begin(key, self._place.content_type(key))
        plan = plan_upload(source.size)
        stored = multipart.list_parts(key, upload_id)
        etags = []
        for part in plan.parts():
            content = self._read(key, part, plan)
            digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
            copied = stored.get(part.number)
            if copied is not None and (copied.size, copied.etag) == (part.size, digest):
                etags.append(copied.etag)
                continue
            # The store compares it with its checksum, and refuses a damaged one.
            etags.append(multipart.put_bytes(key, upload_id, part.number, content))
            self.copied.bytes += part.size
            self._progress(self.copied)
        multipart.complete(key, upload_id, etags)
        now = self._target.head(key)
        if now is None or now.size != source.size:
            raise StoreUnavailable(f"{key} is not in the store as it was sent. Run it again.")

    def _read(self, key: str, part: Part, plan: UploadPlan) -> bytes:
        content = self._place.read(key, part.offset, part.size)
        if len(content) != part.size:
            raise StoreUnavailable(f"{key} has fewer than {plan.size} bytes now. Run it again.")
        return content
