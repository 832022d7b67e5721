"""What follows once all bytes are there: accepted, or refused."""

import pytest

from core.catalogue.catalogue import current_assets
from core.kit.errors import Refused
from core.kit.rows import id_of
from core.uploads.moderation import block_file
from tests.support import make
from tests.support.make import NOW
from tests.support.uploader import Uploader


def test_a_verified_file_becomes_the_products_and_its_seller_goes_on(uploader: Uploader) -> None:
    upload = uploader.verify(uploader.send())
    (asset,) = current_assets(uploader.session, id_of(uploader.product))
    assert (upload.state, upload.asset_id, asset.key) == ("accepted", asset.id, upload.key)
    assert make.sent_texts(uploader.session, uploader.owner) == ["upload-accepted"]
    uploader.verify(upload)
    assert make.sent_texts(uploader.session, uploader.owner) == ["upload-accepted"]


def test_a_replacement_takes_the_old_files_place(uploader: Uploader) -> None:
    first = uploader.verify(uploader.send("v1.pdf"))
    uploader.verify(uploader.send("v2.pdf", replaces=first.asset_id))
    (asset,) = current_assets(uploader.session, id_of(uploader.product))
    assert (asset.name, asset.replaces_id) == ("v2.pdf", first.asset_id)


def test_a_replacement_of_what_is_gone_meanwhile_is_refused(uploader: Uploader) -> None:
    first = uploader.verify(uploader.send("v1.pdf"))
    late, early = (uploader.send(name, replaces=first.asset_id) for name in ("v2.pdf", "v3.pdf"))
    uploader.verify(early)
    assert uploader.verify(late).reason == "file-already-replaced"


def test_without_moderation_findings_hold_nothing_but_blocked_files_stay_out(uploader: Uploader) -> None:
    assert uploader.verify(uploader.send("a.pdf"), "word: x", moderation="off").state == "accepted"
    assert block_file(uploader.session, "B" * 64, reason="stolen", actor="cli", now=NOW)
    assert not block_file(uploader.session, "b" * 64, reason="", actor="cli", now=NOW)
    blocked = uploader.verify(uploader.send("b.pdf"), moderation="off", sha256="b" * 64)
    assert (blocked.state, blocked.reason) == ("refused", "blocked")
    with pytest.raises(Refused, match="digest-wrong"):
        block_file(uploader.session, "xyz", reason="", actor="cli", now=NOW)
