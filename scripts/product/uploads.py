"""Uploads a file from this machine to the store, going on where an earlier run stopped.

What a later run must know, the object's key and the store's upload id, is kept in a small file named after
path, size and time of the file, until the product has it. The parts themselves the store remembers.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from core.kit.errors import ComptoirError
from core.kit.media_types import media_type_of
from core.kit.names import clean_file_name, object_key
from core.monitoring.disk import disk_of
from core.ports import UploadLost
from core.process.settings import Settings
from core.uploads.part_plan import plan_upload
from core.uploads.room import room_for_upload
from workers.multipart import Progress, SourceChanged
from workers.store import S3Store


class FileUnusable(ComptoirError):
    """A file cannot be uploaded, whatever is tried."""


@dataclass(frozen=True)
class State:
    """What is known of an unfinished upload; `sha256` is set once the store has the whole object."""

    key: str
    upload_id: str
    sha256: str = ""


@dataclass(frozen=True)
class Stored:
    """A file that the store has now; `size` in bytes, `sha256` in lower-case hexadecimal."""

    key: str
    name: str
    size: int
    content_type: str
    sha256: str


def check_file(path: Path) -> None:
    """Check that a file can be read and is not empty. Raises `FileUnusable`."""
    if os.access(path.parent, os.X_OK) and not path.is_file():
        raise FileUnusable(f"{path} is no file. Check the path.")
    if not os.access(path, os.R_OK):
        raise FileUnusable(f"{path} cannot be read by this user. Give yourself leave to read it.")
    if path.stat().st_size == 0:
        raise FileUnusable(f"{path} is empty; there would be nothing to sell. Choose another file.")


class FileUpload:
    """The upload of one file for one seller. `folder` keeps what a later run must know."""

    def __init__(self, settings: Settings, store: S3Store, folder: Path, path: Path, seller_id: int) -> None:
        check_file(path)
        self.path = path
        self.name = clean_file_name(path.name)
        self.content_type = media_type_of(self.name) or "application/octet-stream"
        self._store = store
        self._store_folder = settings.store_folder
        self._seller_id = seller_id
        self._before = _fingerprint(path)
        self.size = self._before[0]
        target = f"{settings.s3_endpoint}/{settings.s3_bucket}/{seller_id}"
        identity = f"{target}\n{path.resolve()}\n{self._before}"
        self._state_file = folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.json"

    def run(self, progress: Progress) -> Stored:
        """Upload the file. Raises `SourceChanged`, `StoreUnavailable`, `FileUnusable` for want of room."""
        state = self._load()
        if state is None or not state.sha256:
            state = self._send(state or self._begin(), progress)
        else:
            progress(self.size)
        if _fingerprint(self.path) != self._before:
            self.forget()
            raise SourceChanged(f"{self.path} changed while it was uploaded. Run the command again.")
        return Stored(state.key, self.name, self.size, self.content_type, state.sha256)

    def forget(self) -> None:
        """Delete the saved state: the product has the file now, or the file is another one."""
        self._state_file.unlink(missing_ok=True)

    def _send(self, state: State, progress: Progress) -> State:
        sent = 0

        def count(amount: int) -> None:
            nonlocal sent
            sent += amount
            progress(amount)

        try:
            return self._send_parts(state, count)
        except UploadLost:
            self._store.multipart.abort(state.key, state.upload_id)
            progress(-sent)
            return self._send_parts(self._begin(), progress)

    def _send_parts(self, state: State, progress: Progress) -> State:
        with self.path.open("rb") as stream:
            done = self._store.multipart.send(
                state.key, state.upload_id, stream, plan_upload(self.size), progress
            )
        stored = self._store.head(state.key)
        if stored is None or stored.size != done.size:
            raise UploadLost(f"The store does not show {state.key} as it was sent. Run the command again.")
        os.sync()  # a store on this machine acknowledges before the disk has it
        return self._save(State(state.key, state.upload_id, done.sha256))

    def _begin(self) -> State:
        room = room_for_upload(disk_of(self._store_folder))
        if room is not None and self.size > room:
            raise FileUnusable(
                f"{self.path} has {self.size} bytes and the store's disk has room for {room}: a reserve is "
                "kept free. Nothing was sent. Enlarge the disk, then run the command again."
            )
        key = object_key(self._seller_id, uuid4(), self.name)
        return self._save(State(key, self._store.multipart.begin(key, self.content_type)))

    def _load(self) -> State | None:
        """What an earlier run left, if it still holds."""
        try:
            state = State(**json.loads(self._state_file.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        if state.sha256:
            stored = self._store.head(state.key)
            return state if stored is not None and stored.size == self.size else None
        return state

    def _save(self, state: State) -> State:
        self._state_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._state_file.with_suffix(".new")
        unfinished.write_text(json.dumps(asdict(state)))
        unfinished.replace(self._state_file)
        return state


def _fingerprint(path: Path) -> tuple[int, int]:
    """Size in bytes and time of the last change in nanoseconds."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns
