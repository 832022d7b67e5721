"""A shop of an earlier version is started by this one: its objects are in the new store, and stay."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from core.kit.errors import StoreUnavailable
from core.uploads.part_plan import USUAL_PART
from scripts.embedded import earlier_store
from scripts.embedded.earlier_store import earlier_objects, move_objects
from scripts.embedded.process import StackError
from scripts.embedded.stack import Stack
from scripts.embedded.store import Store
from tests.support.stored import reaching
from tests.support.twisting_store import Answer, Request, TwistingStore, refusal
from workers.store import S3Store
from workers.store_copy import FolderPlace


def fill(folder: Path, bucket: str) -> dict[str, bytes]:
    """Files as rclone kept them; two are larger than a part, names are as people give them."""
    mark = uuid4().hex
    contents = {
        f"{mark}/1/a/leçon №1 & 2.zip": os.urandom(USUAL_PART + 3),
        f"{mark}/1/b/film.mp4": os.urandom(2 * USUAL_PART),
        f"{mark}/1/b/empty": b"",
        f"{mark}/backups/2026.dump": b"x",
    }
    for key, content in contents.items():
        path = folder / bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return contents


def held(s3: S3Store, keys: dict[str, bytes]) -> dict[str, bytes]:
    return {key: b"".join(s3.chunks(key)) for key in keys}


def test_a_shop_of_an_earlier_version_starts_with_all_of_its_objects(tmp_path: Path) -> None:
    contents = fill(tmp_path / "store", "comptoir")
    lines: list[str] = []
    with Stack(tmp_path, roles=(), fsync=False, report=lines.append) as stack:
        assert held(S3Store(stack.settings), contents) == contents
    assert not (tmp_path / "store").exists()
    assert f"moved {len(contents)} of {len(contents)} objects" in lines
    with Stack(tmp_path, roles=(), fsync=False) as stack:
        assert held(S3Store(stack.settings), contents) == contents


def test_a_file_is_removed_only_when_the_disk_has_its_object(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = fill(tmp_path / "store", store.bucket)
    settings = reaching(store)
    safe, removed = set[str](), list[str]()

    def look() -> None:
        safe.update(key for key in contents if S3Store(settings).head(key))

    remove = FolderPlace.remove

    def watch(place: FolderPlace, key: str) -> None:
        assert key in safe, "the disk was waited for since the store has the object"
        removed.append(key)
        remove(place, key)

    monkeypatch.setattr(os, "sync", look)
    monkeypatch.setattr(earlier_store, "BATCH", 1)
    monkeypatch.setattr(FolderPlace, "remove", watch)
    move_objects(tmp_path / "store", store.bucket, settings, lambda text: None)
    assert sorted(removed) == sorted(contents)


def test_a_move_that_was_stopped_goes_on_and_sends_no_part_twice(tmp_path: Path, store: Store) -> None:
    contents = fill(tmp_path / "store", store.bucket)
    parts: list[str] = []

    def ahead(request: Request) -> Answer | None:
        if request.method == "PUT" and "partNumber=" in request.path:
            parts.append(request.path)
        return None

    def stop_at_the_film(request: Request) -> Answer | None:
        ahead(request)
        stop = "film.mp4" in request.path and "partNumber=2" in request.path
        return refusal(403, "AccessDenied") if stop else None

    settings = reaching(store)
    with TwistingStore(store.port, ahead=stop_at_the_film) as broken:
        changed = type(settings)(**{**vars(settings), "s3_endpoint": broken.url})
        with pytest.raises(StoreUnavailable):
            move_objects(tmp_path / "store", store.bucket, changed, lambda text: None)
    with TwistingStore(store.port, ahead=ahead) as whole:
        changed = type(settings)(**{**vars(settings), "s3_endpoint": whole.url})
        copied = move_objects(tmp_path / "store", store.bucket, changed, lambda text: None)

    assert held(S3Store(settings), contents) == contents
    assert copied.present == 2, "what was before the film is there"
    numbers = [path for path in parts if "film.mp4" in path and "partNumber=1&" in path]
    assert len(numbers) == 1
    assert earlier_objects(tmp_path) is None


def test_a_disk_without_room_is_told_before_anything_moves(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = fill(tmp_path / "store", store.bucket)
    monkeypatch.setattr(earlier_store, "ROOM", 1 << 60)

    with pytest.raises(StackError, match="Make room"):
        move_objects(tmp_path / "store", store.bucket, reaching(store), lambda text: None)

    assert all((tmp_path / "store" / store.bucket / key).read_bytes() == contents[key] for key in contents)
