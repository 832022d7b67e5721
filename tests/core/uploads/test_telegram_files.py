"""Files that sellers send to the bot: one draft and one upload for each message."""

import pytest

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.people.sellers import shop_of
from core.uploads.telegram_files import SentFile, begin_again, take_sent_file
from schemas.catalogue import Product
from schemas.jobs import TakeTelegramFile
from schemas.people import User
from schemas.uploads import Upload
from tests.support import make
from tests.support.make import NOW
from tests.support.uploader import Uploader

FILE = SentFile("file-id", "unique", "../Patron robe.pdf", 1000, "application/pdf")


def take(
    uploader: Uploader, *, caption: str = "", message_id: int = 7, person: User | None = None
) -> tuple[Upload, Product]:
    sender = person or uploader.owner
    return take_sent_file(
        uploader.session,
        sender,
        shop_of(uploader.session, id_of(sender)),
        FILE,
        caption=caption,
        message_id=message_id,
        rules=uploader.rules,
        now=NOW,
    )


def test_a_message_is_one_draft_and_one_upload_however_often_it_comes(uploader: Uploader) -> None:
    first, product = take(uploader, caption="Robe d'été")
    assert (product.title, product.status, first.telegram_file_id) == ("Robe d'été", "draft", "file-id")
    begin_again(uploader.session, first.id)
    first.state = "accepted"  # whatever has become of it
    uploader.session.flush()
    again, same = take(uploader, caption="Robe d'été")
    assert (again.id, same.id) == (first.id, product.id)
    assert make.queued(uploader.session, TakeTelegramFile) == [TakeTelegramFile(upload_id=first.id)]


def test_without_a_caption_the_draft_has_the_files_name(uploader: Uploader) -> None:
    upload, product = take(uploader)
    assert (upload.name, product.title) == ("_Patron robe.pdf", "_Patron robe")
    _, other = take(uploader, message_id=8)
    assert other.id != product.id


def test_only_sellers_send_files(uploader: Uploader) -> None:
    with pytest.raises(Refused, match="only-sellers-send-files"):
        take(uploader, person=make.user(uploader.session))


def test_parts_that_the_store_forgot_are_all_sent_again(uploader: Uploader) -> None:
    upload, _ = take(uploader)
    upload.store_upload_id = "gone"
    uploader.session.flush()
    begin_again(uploader.session, upload.id)
    uploader.session.refresh(upload)
    assert upload.store_upload_id is None
