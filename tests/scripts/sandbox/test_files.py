"""Documents, photos and albums, small and large."""

import hashlib
from io import BytesIO
from typing import Any

import pytest
from pyrogram import filters, types
from pyrogram.errors import BadRequest

from core.telegram.client import message_identity
from scripts.sandbox.telegram import media
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.media import Upload
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.telegram_clients import Run


def named(data: bytes, name: str) -> BytesIO:
    stream = BytesIO(data)
    stream.name = name
    return stream


def test_a_document_is_sent_seen_and_sent_again_by_its_id(
    client: Any, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    sent = run(client.send_document, ann.id, named(b"x" * 3000, "a.txt"), caption="first")
    seen = ann.wait_for("first")
    assert seen.file is not None
    assert (seen.file["name"], seen.file["size"]) == ("a.txt", 3000)
    assert sandbox.file(seen)["body"] == b"x" * 3000
    again = run(client.send_document, ann.id, sent.document.file_id, caption="again")
    assert again.document.file_name == "a.txt"
    assert run(client.download_media, again, in_memory=True).getvalue() == b"x" * 3000


def test_a_person_sends_a_document(client: Any, ann: Person) -> None:
    @client.on_message(filters.document)
    async def receive(_: Any, message: Any) -> None:
        body = await client.download_media(message, in_memory=True)
        await client.send_message(message.chat.id, f"{message.document.file_name} {len(body.getvalue())}")

    ann.sends_document(b"y" * 700_000, "b.pdf")
    ann.wait_for("b.pdf 700000")


def test_a_large_upload_arrives_in_parts(client: Any, ann: Person, sandbox: Sandbox, run: Run) -> None:
    data = hashlib.shake_256(b"large").digest(11 * 1024 * 1024)
    run(client.send_document, ann.id, named(data, "large.bin"), caption="large")
    assert sandbox.file(ann.wait_for("large"))["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("kept", [60, 59])
def test_parts_out_of_order_make_the_same_file_and_are_not_kept_when_large(
    monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(media, "KEPT_BYTES", kept)
    parts = [bytes([n]) * 10 for n in range(6)]
    upload = Upload()
    for number in (1, 0, 3, 5, 4, 2, 2):
        upload.add(number, parts[number])
    assert upload.sha256.hexdigest() == hashlib.sha256(b"".join(parts)).hexdigest()
    assert (upload.size, upload.next_part, upload.waiting) == (60, 6, {})
    assert upload.body == (b"".join(parts) if kept == 60 else None)


def test_an_album_is_one_group_and_repeats_itself_under_one_identity(
    client: Any, ann: Person, run: Run
) -> None:
    async def send() -> None:
        items = [types.InputMediaPhoto(named(b"jpeg%d" % n, f"{n}.jpg"), f"item {n}") for n in range(3)]
        with message_identity("job", "album"):
            await client.send_media_group(ann.id, items)

    run(send)
    run(send)
    album = [message for message in ann.chat if message.album]
    assert [message.text for message in album] == ["item 0", "item 1", "item 2"]
    assert len({message.album for message in album}) == 1


def test_an_album_of_one_is_refused(client: Any, ann: Person, run: Run) -> None:
    with pytest.raises(BadRequest):
        run(client.send_media_group, ann.id, [types.InputMediaPhoto(named(b"jpeg", "a.jpg"))])
