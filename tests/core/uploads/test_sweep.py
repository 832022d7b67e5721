"""The sweep takes what nobody keeps, and cannot be made to take anything else."""

from datetime import timedelta
from typing import Literal

import pytest
from sqlmodel import select

from core.catalogue.products import add_asset, set_picture
from core.uploads.parts import abort
from core.uploads.sweep import Reclaimable, leave_to_reclaim, record_reclaimed, sweep
from schemas.catalogue import Asset, AssetStatus
from schemas.jobs import ReclaimUpload
from schemas.uploads import Upload, UploadState
from tests.support import make
from tests.support.make import NOW
from tests.support.uploader import Uploader

LATER = NOW + timedelta(days=7)


def test_what_was_not_used_for_seven_days_is_closed_and_its_owner_told(uploader: Uploader) -> None:
    upload = uploader.open()
    assert sweep(uploader.session, now=LATER - timedelta(seconds=1)) == []
    assert sweep(uploader.session, now=LATER) == [upload.id]
    assert leave_to_reclaim(uploader.session, upload.id, now=LATER) == Reclaimable(upload.key, None)
    assert upload.state == "aborted"
    assert make.sent_texts(uploader.session, uploader.owner) == ["upload-abandoned"]


def test_what_was_given_up_is_removed_at_once_and_once(uploader: Uploader) -> None:
    upload = uploader.open()
    abort(uploader.session, upload)
    assert sweep(uploader.session, now=NOW) == [upload.id]
    assert len(make.queued(uploader.session, ReclaimUpload)) == 1
    record_reclaimed(uploader.session, upload.id, 1000, now=NOW)
    assert sweep(uploader.session, now=LATER) == []
    assert leave_to_reclaim(uploader.session, upload.id, now=LATER) is None


@pytest.mark.parametrize("state", ["verifying", "moderation", "accepted"])
def test_what_is_being_decided_or_kept_is_never_touched(uploader: Uploader, state: UploadState) -> None:
    upload = uploader.open()
    upload.state, upload.expires_at = state, NOW
    assert sweep(uploader.session, now=LATER) == []
    assert leave_to_reclaim(uploader.session, upload.id, now=LATER) is None
    assert upload.state == state


def use_as_file(uploader: Uploader, upload: Upload, status: AssetStatus) -> None:
    asset = add_asset(
        uploader.session,
        uploader.product,
        key=upload.key,
        name="x",
        size=1,
        content_type="",
        sha256=None,
        now=NOW,
    )
    asset.status = status
    uploader.session.add(asset)


@pytest.mark.parametrize("lie", ["open", "awaiting_payment", "refused", "aborted", "lost"])
@pytest.mark.parametrize("use", ["accepted", "retired", "pending", "refused", "picture"])
def test_nothing_that_a_product_names_is_removed_whatever_the_upload_says(
    uploader: Uploader, lie: UploadState, use: AssetStatus | Literal["picture"]
) -> None:
    upload = uploader.open()
    if use == "picture":
        set_picture(uploader.session, uploader.product, key=upload.key)
    else:
        use_as_file(uploader, upload, use)
    upload.state, upload.expires_at = lie, NOW - timedelta(days=400)
    uploader.session.add(upload)
    uploader.session.flush()
    sweep(uploader.session, now=LATER)
    assert leave_to_reclaim(uploader.session, upload.id, now=LATER) is None
    assert upload.reclaimed_at is None


def test_an_upload_whose_neighbours_key_begins_like_its_own_takes_only_itself(uploader: Uploader) -> None:
    accepted = uploader.verify(uploader.send("a.pdf"))
    upload = uploader.open("b.pdf")
    upload.key = accepted.key[: len(accepted.key) // 2]
    abort(uploader.session, upload)
    reclaimable = leave_to_reclaim(uploader.session, upload.id, now=NOW)
    assert reclaimable is not None
    assert reclaimable.key == upload.key
    assert uploader.session.exec(select(Asset.key)).one() == accepted.key
