"""A seller's own sample of a file, from its opening until its object is removed."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from core.catalogue.preview_choice import choose_preview, source_of
from core.catalogue.storage_report import storage_report
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.money import Money
from core.uploads.opening import SAMPLE_LIMIT
from core.uploads.sweep import leave_to_reclaim
from core.uploads.telegram_files import SentFile, take_sent_sample
from schemas.catalogue import Asset
from schemas.jobs import ReclaimUpload, TakeTelegramFile
from schemas.uploads import Upload
from tests.support import make
from tests.support.make import NOW
from tests.support.uploader import RULES, Uploader


@pytest.fixture
def asset(uploader: Uploader) -> Asset:
    """A file on sale."""
    upload = uploader.verify(uploader.send())
    return uploader.session.get_one(Asset, upload.asset_id)


def sampled(uploader: Uploader, asset: Asset, name: str = "sample.pdf") -> Upload:
    """An accepted sample."""
    return uploader.verify(uploader.send(name, purpose="sample", replaces=asset.id))


def removable(session: Session, upload: Upload) -> bool:
    session.refresh(upload)
    return leave_to_reclaim(session, upload.id, now=NOW) is not None


def test_a_checked_sample_is_shown_and_is_no_file_of_its_product(uploader: Uploader, asset: Asset) -> None:
    upload = sampled(uploader, asset)
    assert (upload.state, upload.asset_id) == ("accepted", None)
    assert source_of(asset) == (upload.key, True)
    assert [each.id for each in uploader.session.exec(select(Asset))] == [asset.id]
    assert make.sent_texts(uploader.session, uploader.owner)[-1] == "sample-accepted"
    assert not removable(uploader.session, upload)


@pytest.mark.parametrize("policy", ["on_confirm", "after_payment"])
def test_a_sample_costs_no_listing_fee(uploader: Uploader, asset: Asset, policy: str) -> None:
    uploader.charge(
        {"stars": [Money(50, "XTR")]}, "after_payment" if policy == "after_payment" else "on_confirm"
    )
    assert uploader.open("sample.pdf", purpose="sample", replaces=asset.id).state == "open"
    assert sampled(uploader, asset, "other.pdf").state == "accepted"


def test_a_sample_is_looked_at_as_any_file(uploader: Uploader, asset: Asset) -> None:
    upload = uploader.send("sample.pdf", purpose="sample", replaces=asset.id)
    assert uploader.verify(upload, "word: x").state == "moderation"
    assert source_of(asset) == (asset.key, False)
    with pytest.raises(Refused, match="content-differs"):
        uploader.open("x.pdf", purpose="sample", replaces=asset.id, head=b"\x89PNG\r\n\x1a\n" + bytes(99))


def test_a_sample_is_bounded_and_belongs_to_a_file_of_the_persons_own(
    uploader: Uploader, asset: Asset
) -> None:
    uploader.open("whole.pdf", SAMPLE_LIMIT, purpose="sample", replaces=asset.id)
    with pytest.raises(Refused, match="too-large-to-upload"):
        uploader.open("s.pdf", SAMPLE_LIMIT + 1, purpose="sample", replaces=asset.id)
    with pytest.raises(NotFound):
        uploader.open("s.pdf", purpose="sample")
    other = make.product(uploader.session, files=("b.pdf",))
    foreign = uploader.session.exec(select(Asset).where(Asset.product_id == other.id)).one()
    with pytest.raises(NotFound):
        uploader.open("s.pdf", purpose="sample", replaces=foreign.id)
    with pytest.raises(NotAllowed):
        sent(uploader, foreign.id)


def test_one_sample_may_be_that_of_two_files_at_once(uploader: Uploader, asset: Asset) -> None:
    second = uploader.session.get_one(Asset, uploader.verify(uploader.send("b.pdf")).asset_id)
    uploads = [uploader.open("s.pdf", purpose="sample", replaces=each.id) for each in (asset, second, asset)]
    assert uploads[0].id == uploads[2].id != uploads[1].id


def test_a_sample_of_a_file_that_was_replaced_meanwhile_is_refused(uploader: Uploader, asset: Asset) -> None:
    late = uploader.send("s.pdf", purpose="sample", replaces=asset.id)
    uploader.verify(uploader.send("v2.pdf", replaces=asset.id))
    assert uploader.verify(late).reason == "sampled-file-replaced"
    with pytest.raises(Refused, match="sampled-file-replaced"):
        uploader.open("s.pdf", purpose="sample", replaces=asset.id)


def test_the_sample_before_is_removed_once_another_is_there(uploader: Uploader, asset: Asset) -> None:
    first, second = sampled(uploader, asset, "a.pdf"), sampled(uploader, asset, "b.pdf")
    assert make.queued(uploader.session, ReclaimUpload) == [ReclaimUpload(upload_id=first.id)]
    assert (uploader.state_of(first), uploader.state_of(second)) == ("aborted", "accepted")
    assert source_of(asset) == (second.key, True)
    assert removable(uploader.session, first)
    assert not removable(uploader.session, second)


@pytest.mark.parametrize("choice", ["automatic", "none"])
def test_a_sample_is_removed_when_something_else_is_chosen(
    uploader: Uploader, asset: Asset, choice: str
) -> None:
    upload = sampled(uploader, asset)
    choose_preview(uploader.session, uploader.owner, asset.id, "own")
    assert uploader.state_of(upload) == "accepted"
    choose_preview(uploader.session, uploader.owner, asset.id, "none" if choice == "none" else "automatic")
    assert uploader.state_of(upload) == "aborted"
    assert removable(uploader.session, upload)
    with pytest.raises(Refused, match="sample-missing"):
        choose_preview(uploader.session, uploader.owner, asset.id, "own")


def test_a_sample_goes_on_to_the_file_that_replaces_its_own(uploader: Uploader, asset: Asset) -> None:
    upload = sampled(uploader, asset)
    newer = uploader.session.get_one(
        Asset, uploader.verify(uploader.send("v2.pdf", replaces=asset.id)).asset_id
    )
    assert source_of(newer) == (upload.key, True)
    choose_preview(uploader.session, uploader.owner, newer.id, "none")
    assert removable(uploader.session, upload)


def test_an_object_that_is_shown_is_never_given_up(uploader: Uploader, asset: Asset) -> None:
    upload = sampled(uploader, asset)
    upload.state = "aborted"
    uploader.session.flush()
    assert leave_to_reclaim(uploader.session, upload.id, now=NOW) is None


def test_samples_have_a_line_of_the_storage_report(uploader: Uploader, asset: Asset) -> None:
    sampled(uploader, asset, "a.pdf")
    sampled(uploader, asset, "b.pdf")
    lines = {line.what: line for line in storage_report(uploader.session, "0.023 USD")}
    assert (lines["own samples"].objects, lines["own samples"].bytes) == (1, 1000)
    assert (lines["files"].objects, lines["files"].bytes) == (1, 1000)


def test_a_sample_sent_to_the_bot_is_fetched_once(uploader: Uploader, asset: Asset) -> None:
    first, again = sent(uploader, asset.id), sent(uploader, asset.id)
    assert first.id == again.id
    assert (first.purpose, first.replaces_id, first.telegram_file_id) == ("sample", asset.id, "file")
    assert make.queued(uploader.session, TakeTelegramFile) == [TakeTelegramFile(upload_id=first.id)]


def sent(uploader: Uploader, asset_id: UUID) -> Upload:
    file = SentFile("file", "unique", "sample.pdf", 1000, "application/pdf")
    return take_sent_sample(uploader.session, uploader.owner, asset_id, file, rules=RULES, now=NOW)
