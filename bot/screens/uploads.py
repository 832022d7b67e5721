"""Messages about uploads, for sellers and for staff; and the button of the Mini App."""

from bot.keyboards import Rows, button, labelled, pager
from core.catalogue.catalogue import ProductView
from core.kit.pagination import Page
from core.kit.prices import amounts_of
from core.kit.texts import money_list, plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT, short_name
from core.ports import Button, Message
from core.uploads.moderation import WaitingUpload


def next_step(language: str, product: ProductView) -> Message:
    """The one thing that a product lacks before it is on sale."""
    title = shorten(product.title, TITLE_LIMIT)
    rows: Rows = [[labelled(language, "my-products", "my_product", product.id)]]
    if not product.prices:
        return Message(
            text(language, "continue-price", title=title), [[labelled(language, "cancel", "cancel")]]
        )
    if product.status == "published":
        return Message(text(language, "continue-done", title=title), rows)
    price = money_list(language, amounts_of(product.prices))
    rows.insert(0, [labelled(language, "publish", "publish", product.id)])
    return Message(text(language, "continue-publish", title=title, price=price), rows)


def waiting(language: str, page: Page[WaitingUpload]) -> Message:
    """Files that wait for staff, each with its two buttons."""
    if not page.total:
        return Message(text(language, "staff-uploads-none"))
    lines = [text(language, "staff-uploads", count=page.total)]
    rows: Rows = []
    for upload in page.items:
        lines.append(_line(language, upload))
        name = short_name(upload.name, 20)
        rows.append(
            [button(f"✅ {name}", "mod_ok", str(upload.id)), button(f"❌ {name}", "mod_no", str(upload.id))]
        )
    rows.append(pager(page.number, page.pages, "moderation"))
    return Message("\n\n".join(lines), rows)


def note_question(language: str) -> Message:
    """The question why a file is refused."""
    return Message(text(language, "staff-upload-note"), [[labelled(language, "cancel", "cancel")]])


def mini_app_button(language: str, public_url: str) -> Button | None:
    """The button that opens the Mini App (A49, A50); None where its address is not https."""
    if not public_url.startswith("https://"):
        return None
    return Button(plain(language, "button-upload"), web_app=f"{public_url}/app/")


def cards_button(language: str, public_url: str) -> Button | None:
    """The button that opens card payments in the Mini App; None where its address is not https.

    Telegram signs the seller in there: a way to Stripe stands in no message.
    """
    if not public_url.startswith("https://"):
        return None
    return Button(plain(language, "button-cards"), web_app=f"{public_url}/app/?go=/cards")


def _line(language: str, upload: WaitingUpload) -> str:
    return text(
        language,
        "staff-upload-line",
        title=shorten(upload.title, 60),
        seller=shorten(upload.seller, 40),
        name=short_name(upload.name),
        size=upload.size,
        kind=upload.content_type,
        findings=shorten(", ".join(upload.findings), 200) or "—",
    )
