"""The file of a message, as the rules of uploads know one."""

from pyrogram.types import Message as TelegramMessage

from core.kit.media_types import ending_for
from core.kit.names import clean_text
from core.uploads.telegram_files import SentFile

MIME_LIMIT = 255  # characters


def sent_file(message: TelegramMessage) -> SentFile | None:
    """The file of a message; photos are none, Telegram has made them smaller."""
    media = message.document or message.video or message.audio
    if media is None or not media.file_size:
        return None
    name = media.file_name or f"{message.id}{ending_for(media.mime_type or '')}"
    return SentFile(
        file_id=media.file_id,
        unique_id=media.file_unique_id,
        name=name,
        size=media.file_size,
        content_type=clean_text(media.mime_type or "")[:MIME_LIMIT],
    )
