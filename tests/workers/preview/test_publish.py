"""Pictures in the store: the same keys each time."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from tests.workers.preview import files
from workers.preview.preview import Wish, make_preview
from workers.preview.publish import publish
from workers.preview.source import HttpSource
from workers.store import S3Store


def test_a_preview_made_again_takes_the_place_of_the_earlier_one(
    s3: S3Store, stored: Callable[[bytes | Path], HttpSource]
) -> None:
    asset_id = uuid4()
    first = make_preview(stored(files.pdf(1)), Wish("poster"))
    second = make_preview(stored(files.pdf(1)), Wish("poster", "The shop"))

    keys = publish(s3, asset_id, first)

    assert keys == {"poster.jpg": f"previews/{asset_id}/poster.jpg"}
    assert s3.read(keys["poster.jpg"], limit=1_000_000) == first.pictures["poster.jpg"]
    assert publish(s3, asset_id, second) == keys
    assert s3.read(keys["poster.jpg"], limit=1_000_000) == second.pictures["poster.jpg"]
    poster = s3.head(keys["poster.jpg"])
    assert poster is not None
    assert poster.content_type == "image/jpeg"
