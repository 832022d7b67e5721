"""Messages about purchases: the library, files, receipts."""

from collections.abc import Sequence
from datetime import datetime

from bot.keyboards import Rows, button, labelled, pager
from core.catalogue.catalogue import FileView
from core.kit.pagination import Page
from core.kit.texts import file_size, money, plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT, short_name, support_button
from core.orders.grants import LibraryLine
from core.orders.receipts import OrderSummary, Receipt
from core.payments.papers import PaperLink
from core.ports import Button, Message

FILES_SHOWN = 20


def library(language: str, page: Page[LibraryLine]) -> Message:
    """The purchases, newest first (A14)."""
    if not page.total:
        return Message(text(language, "library-empty"), [[labelled(language, "catalogue", "page", 1)]])
    rows = [
        [button(f"{'🚫' if line.revoked else '📦'} {shorten(line.title, 50)}", "item", line.product_id)]
        for line in page.items
    ]
    rows.append(pager(page.number, page.pages, "library"))
    rows.append([labelled(language, "receipts", "receipts", 1)])
    head = text(language, "library-head", count=page.total, number=page.number, pages=page.pages)
    return Message(head, rows)


def item(
    language: str,
    *,
    product_id: int,
    title: str,
    order_id: int,
    number: str,
    bought_at: datetime,
    files: list[FileView],
    ttl: int,
) -> Message:
    """One purchase: its files, each with a button that asks for a link valid `ttl` seconds."""
    rows: Rows = []
    if len(files) > 1:
        rows.append([labelled(language, "download-all", "get", product_id)])
    for file in files[:FILES_SHOWN]:
        label = plain(
            language, "button-download", name=short_name(file.name, 36), size=file_size(language, file.size)
        )
        rows.append([button(label, "get", product_id, str(file.id))])
    rows.append([labelled(language, "receipt", "receipt", order_id), support_button(language)])
    rows.append([labelled(language, "library", "library_menu")])
    body = text(
        language,
        "item" if files else "item-without-files",
        title=shorten(title, TITLE_LIMIT),
        number=number,
        when=int(bought_at.timestamp()),
        seconds=ttl,
    )
    return Message(body, rows)


def receipts(language: str, page: Page[OrderSummary]) -> Message:
    """The paid orders, newest first."""
    if not page.total:
        return Message(text(language, "receipts-empty"), [[labelled(language, "catalogue", "page", 1)]])
    rows = [[button(_receipt_label(language, line), "receipt", line.id)] for line in page.items]
    rows.append(pager(page.number, page.pages, "receipts"))
    rows.append([labelled(language, "library", "library_menu")])
    head = text(language, "receipts-head", count=page.total, number=page.number, pages=page.pages)
    return Message(head, rows)


def receipt(language: str, line: Receipt, papers: Sequence[PaperLink], site: str) -> Message:
    """One receipt: what was paid, how, what to quote to support, and the papers, which `site` gives.

    Buttons take nothing but https; the address of a shop for trying stands in the text.
    """
    body = text(
        language,
        "receipt",
        number=line.number,
        title=shorten(line.title, TITLE_LIMIT),
        seller=line.seller_name,
        price=money(language, line.price),
        rail=plain(language, f"rail-{line.rail}"),
        when=int(line.paid_at.timestamp()) if line.paid_at else 0,
        charge=shorten(line.provider_id, 128),
        status=plain(language, f"status-{line.status}"),
    )
    names = [plain(language, f"paper-fetch-{paper.kind}", number=paper.number) for paper in papers]
    rows: Rows = []
    for name, paper in zip(names, papers, strict=True) if site else ():
        if site.startswith("https://"):
            rows.append([Button(f"📄 {name}", url=site + paper.path)])
        else:
            body += f"\n\n📄 {name}\n{site}{paper.path}"
    rows.append([labelled(language, "receipts", "receipts", 1), support_button(language)])
    rows.append([labelled(language, "library", "library_menu")])
    return Message(body, rows)


def _receipt_label(language: str, line: OrderSummary) -> str:
    return f"{line.number} · {money(language, line.price)} · {shorten(line.title, 30)}"
