"""Messages with which a seller chooses what is shown of a file before it is bought."""

from bot.keyboards import button, labelled
from core.kit.texts import file_size, plain, text
from core.notifications.telegram_messages import short_name
from core.ports import Message
from core.uploads.opening import SAMPLE_LIMIT
from schemas.catalogue import Asset


def choice(language: str, asset: Asset) -> Message:
    """The three choices, each explained, and which one holds now."""
    now = plain(language, f"preview-choice-{asset.preview_choice}")
    body = text(
        language,
        "preview-choice-question",
        name=short_name(asset.name),
        now=now,
        limit=file_size(language, SAMPLE_LIMIT),
    )
    rows = [
        [button(_marked(language, asset, "automatic"), "show_of_file", str(asset.id), "automatic")],
        [button(_marked(language, asset, "own"), "sample_of_file", str(asset.id))],
        [button(_marked(language, asset, "none"), "show_of_file", str(asset.id), "none")],
        [labelled(language, "back-to-product", "my_product", asset.product_id)],
    ]
    return Message(body, rows)


def sample_question(language: str, asset: Asset) -> Message:
    """What to send as a sample, and how much of it is shown."""
    limit = file_size(language, SAMPLE_LIMIT)
    body = text(language, "sample-question", name=short_name(asset.name), limit=limit)
    return Message(body, [[labelled(language, "cancel", "cancel")]])


def _marked(language: str, asset: Asset, choice: str) -> str:
    mark = "✅" if asset.preview_choice == choice else "⬜️"
    own = choice == "own" and asset.preview_choice == "own"
    return f"{mark} {plain(language, 'preview-choose-another' if own else f'preview-choose-{choice}')}"
