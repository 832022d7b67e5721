"""`comptoir storage move`: from any store into the shop's, by a file of settings or a folder."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core.uploads.part_plan import USUAL_PART
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from tests.scripts.conftest import Failed
from tests.support.rclone_store import RcloneStore
from tests.support.stored import content_of, reaching
from workers.store import S3Store

Comptoir = Callable[..., Any]


@pytest.fixture
def shop(comptoir: Comptoir, store: Store, monkeypatch: pytest.MonkeyPatch) -> Comptoir:
    """The command, with the shop's own store in the environment."""
    for name, value in ({"LINK_SECRET": "5e" * 32} | store.environment).items():
        monkeypatch.setenv(name, value)
    return comptoir


def test_all_objects_of_another_store_come_over_once(shop: Comptoir, store: Store, tmp_path: Path) -> None:
    mark = uuid4().hex
    contents = {f"{mark}/été.zip": os.urandom(USUAL_PART + 1), f"{mark}/small": b"x"}
    with RcloneStore(tmp_path / "data", tmp_path / "log", make_keys()) as old:
        for key, content in contents.items():
            S3Store(reaching(old)).upload(key, BytesIO(content), len(content), "application/zip")
        file = tmp_path / "old.env"
        file.write_text(
            f"S3_ENDPOINT={old.url}\nS3_BUCKET={old.bucket}\n"
            f"S3_ACCESS_KEY={old.keys.access}\nS3_SECRET_KEY={old.keys.secret}\n"
        )
        (first,) = shop("storage", "move", "--from", str(file), "--json")
        (again,) = shop("storage", "move", "--from", str(file), "--json")

        assert all(S3Store(reaching(old)).head(key) for key in contents), "nothing is removed there"
    assert {key: content_of(store, key) for key in contents} == contents
    assert first == {"objects": 2, "bytes": USUAL_PART + 2, "present": 0}
    assert again == {"objects": 0, "bytes": 0, "present": 2}


def test_a_folder_of_objects_comes_over(shop: Comptoir, store: Store, tmp_path: Path) -> None:
    key = f"{uuid4().hex}/a/b.pdf"
    (tmp_path / "old" / key).parent.mkdir(parents=True)
    (tmp_path / "old" / key).write_bytes(b"%PDF")

    shop("storage", "move", "--from", str(tmp_path / "old"))

    assert content_of(store, key) == b"%PDF"


def test_what_names_no_store_is_told(shop: Comptoir, tmp_path: Path) -> None:
    (tmp_path / "old.env").write_text("S3_ENDPOINT=http://127.0.0.1:1\n")
    with pytest.raises(Failed, match="neither a file nor a folder"):
        shop("storage", "move", "--from", str(tmp_path / "none"))
    with pytest.raises(Failed, match="S3_BUCKET"):
        shop("storage", "move", "--from", str(tmp_path / "old.env"))
