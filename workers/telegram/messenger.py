"""What the bot sends in Telegram: messages, pictures, invoices and refunds in Stars.

The adapter of `core.ports.Messenger`.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import redis
import structlog
from pyrogram import raw, types
from pyrogram.enums import ParseMode
from pyrogram.errors import ChargeAlreadyRefunded

from core.kit.db import Database
from core.kit.errors import ComptoirError, Permanent
from core.kit.languages import LANGUAGES, unspoken
from core.ports import Identity, Message, StarsInvoice
from core.process.settings import Settings
from core.process.tracing import span
from core.telegram.client import TelegramClient, message_identity
from core.telegram.keyboards import markup
from workers.instrumentation import SILENT, Meter
from workers.telegram.channels import TelegramChannels
from workers.telegram.client import Connection
from workers.telegram.limiter import Limiter

CALL = 6.0  # seconds; a request whose connection died gets no answer at all
UPLOAD = 60.0
DOWNLOAD = 300.0  # of one part, 16 MiB
# A preview would be fetched by Telegram's servers and count as a click on a download link.
NO_PREVIEW = types.LinkPreviewOptions(is_disabled=True)

log = structlog.get_logger(__name__)


class TelegramMessenger:
    """Sends as the shop's bot. Every call keeps to the shared pace and has a deadline."""

    def __init__(
        self, settings: Settings, database: Database, client: "redis.Redis", meter: Meter = SILENT
    ) -> None:
        self._meter = meter
        self._connection = Connection(settings, database, meter)
        self._deadline = CALL
        self._limiter = Limiter(client, settings.telegram_rate, settings.telegram_chat_rate)
        self.channels = TelegramChannels(self._connection, self._limiter)

    def send(self, identity: Identity, chat_id: int, message: Message, *, awaited: bool = True) -> int:
        """Send one message of HTML and return its id; repeated with one identity it is seen once."""
        part = f"{identity.part}:{identity.issue}"
        self._limiter.wait(chat_id, identity.job_id, part, awaited=awaited)

        async def work(client: TelegramClient) -> int:
            with message_identity(identity.job_id, identity.part, identity.issue):
                sent = await client.send_message(
                    chat_id,
                    message.html,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=NO_PREVIEW,
                    reply_markup=markup(message.buttons),
                )
            if sent is None:
                raise ComptoirError("Telegram took the message without naming it; it is sent again.")
            return int(sent.id)

        with span("telegram send", part=identity.part):
            sent = self._connection.call(work, self._deadline)
        self._meter.message()
        # The last of what one correlation id ties together: click, job, message.
        log.info("message sent", job=str(identity.job_id), part=identity.part, message=sent)
        return sent

    def send_file(self, identity: Identity, chat_id: int, name: str, content: bytes, html: str) -> int:
        """Send a file with a caption and return its message's id; with one identity it is seen once."""
        self._limiter.wait(chat_id, identity.job_id, f"{identity.part}:{identity.issue}", awaited=True)

        async def work(client: TelegramClient) -> int:
            file = BytesIO(content)
            file.name = name
            with message_identity(identity.job_id, identity.part, identity.issue):
                sent = await client.send_document(
                    chat_id,
                    file,
                    caption=html,
                    parse_mode=ParseMode.HTML,
                    file_name=name,
                    force_document=True,
                )
            if sent is None:
                raise ComptoirError("Telegram took the file without naming it; it is sent again.")
            return int(sent.id)

        sent = self._connection.call(work, UPLOAD)
        self._meter.message()
        log.info("file sent", job=str(identity.job_id), part=identity.part, message=sent)
        return sent

    def set_commands(self, telegram_id: int, commands: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Set the menu of one chat (https://core.telegram.org/constructor/botCommandScopePeer).

        Each language has a list of its own; the one without a language is for all others.
        """

        async def work(client: TelegramClient) -> None:
            scope = types.BotCommandScopeChat(telegram_id)
            for language in ("", *LANGUAGES):
                named = commands.get(language or unspoken.foreign, [])
                if named:
                    listed = [types.BotCommand(name, words) for name, words in named]
                    await client.set_bot_commands(listed, scope, language)
                else:
                    await client.delete_bot_commands(scope, language)

        self._connection.call(work, self._deadline)

    def refund_stars(self, telegram_id: int, charge_id: str) -> None:
        """Give a Stars payment back; one already given back counts as done."""

        async def work(client: TelegramClient) -> None:
            try:
                await client.refund_star_payment(telegram_id, charge_id)
            except ChargeAlreadyRefunded:
                return

        self._connection.call(work, self._deadline)

    def invoice_link(self, invoice: StarsInvoice) -> str:
        """Make the address of an invoice in Stars (https://core.telegram.org/bots/api#createinvoicelink)."""
        period = int(invoice.every.total_seconds()) if invoice.every else None

        async def work(client: TelegramClient) -> str:
            return str(
                await client.create_invoice_link(
                    invoice.title,
                    invoice.description,
                    invoice.payload,
                    "XTR",
                    [types.LabeledPrice(label=invoice.title, amount=invoice.stars)],
                    subscription_period=period,
                )
            )

        return self._connection.call(work, self._deadline)

    def read_file(self, file_id: str, first_chunk: int, chunks: int) -> bytes:
        """Read some MiB of a file that somebody sent to the bot."""

        async def work(client: TelegramClient) -> bytes:
            # By its declaration this may be no stream at all.
            stream: Any = client.stream_media(file_id, limit=chunks, offset=first_chunk)
            return b"".join([chunk async for chunk in stream])

        return self._connection.call(work, DOWNLOAD)

    def upload_picture(self, name: str, picture: bytes) -> str:
        """Put a picture at Telegram without sending it to anybody; returns the file id.

        Bots may name an empty peer (https://core.telegram.org/method/messages.uploadMedia).
        """

        async def work(client: TelegramClient) -> str:
            media = raw.types.InputMediaUploadedPhoto(file=await _save(client, name, picture))
            photo = getattr(await _put(client, media), "photo", None)
            if not isinstance(photo, raw.types.Photo):
                raise Permanent(f"Telegram made no photo of {name}. Use a JPEG or PNG of at most 10 MB.")
            return str(types.Photo._parse(client, photo).file_id)

        return self._connection.call(work, UPLOAD)

    def upload_teaser(self, name: str, film: bytes, size: tuple[int, int], seconds: int) -> str:
        """Put a silent film at Telegram without sending it to anybody; returns the file id.

        `nosound_video` has it stay a video: animations cannot stand in an album
        (https://core.telegram.org/constructor/inputMediaUploadedDocument).
        """
        about = raw.types.DocumentAttributeVideo(
            duration=seconds, w=size[0], h=size[1], supports_streaming=True, nosound=True
        )

        async def work(client: TelegramClient) -> str:
            media = raw.types.InputMediaUploadedDocument(
                file=await _save(client, name, film),
                mime_type="video/mp4",
                attributes=[about, raw.types.DocumentAttributeFilename(file_name=name)],
                nosound_video=True,
            )
            document = getattr(await _put(client, media), "document", None)
            if not isinstance(document, raw.types.Document):
                raise Permanent(f"Telegram made no video of {name}.")
            return str(types.Video._parse(client, document, about, name).file_id)

        return self._connection.call(work, UPLOAD)

    def open_soon(self) -> None:
        """Begin to log in, in the background."""
        self._connection.open_soon()

    def close(self) -> None:
        """Disconnect and free the session's slot."""
        self._connection.close()


async def _save(client: TelegramClient, name: str, content: bytes) -> Any:
    file = BytesIO(content)
    file.name = name
    return await client.save_file(file)


async def _put(client: TelegramClient, media: Any) -> Any:
    return await client.invoke(
        raw.functions.messages.UploadMedia(peer=raw.types.InputPeerEmpty(), media=media)
    )
