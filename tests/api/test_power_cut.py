"""A file of a seller is accepted once a power cut would spare it; until then their own copy counts."""

import os
from collections.abc import Iterator

import pytest
from sqlmodel import Session

from core.kit.db import Database
from core.process.settings import Settings
from schemas.uploads import Upload
from tests.api.seller import Seller
from tests.support.web import Client, serving
from tests.support.worker import Worker


@pytest.fixture
def app(upload_settings: Settings, database: Database) -> Iterator[Client]:
    with serving(upload_settings, database) as client:
        yield client


def test_an_upload_is_accepted_once_the_disk_has_the_whole_object(
    seller: Seller, worker: Worker, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = seller.send()
    waits: list[tuple[str, bool]] = []

    def look() -> None:
        with Session(database.engine) as session:
            row = session.get_one(Upload, upload["id"])
        waits.append((row.state, worker.services.store.head(row.key) is not None))

    monkeypatch.setattr(os, "sync", look)
    worker.do_all("verify_upload")
    assert waits == [("verifying", True)]
    with Session(database.engine) as session:
        assert session.get_one(Upload, upload["id"]).state == "accepted"
