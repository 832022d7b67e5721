"""Messages of the catalogue: its pages, and the card of a product."""

from collections.abc import Collection
from urllib.parse import quote, urlencode

from bot.callbacks import fit
from bot.keyboards import Rows, button, labelled, pager
from core.catalogue.catalogue import FileView, ProductView
from core.kit.money import Money
from core.kit.pagination import Page
from core.kit.texts import file_size, money, parsed_length, plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT, link_button, short_name
from core.orders.fulfilment import Description
from core.ports import Button, Message
from core.telegram.deep_links import product_link

CAPTION_LIMIT = 1024  # core.telegram.org/bots/api#sendphoto
CARD_LIMIT = 3500
FILES_SHOWN = 10
FILES_IN_CAPTION = 4


def catalogue(language: str, page: Page[ProductView], words: str) -> Message:
    """One page of the catalogue, or of what a search found."""
    if not page.total:
        return _nothing(language, words)
    head = (
        text(language, "catalogue-found", words=words, count=page.total)
        if words
        else text(language, "catalogue-all", count=page.total)
    )
    rows = [[button(_with_price(language, item), "product", item.id)] for item in page.items]
    rows.append(pager(page.number, page.pages, "page", *([fit(words, "page", page.pages)] if words else [])))
    if words:
        rows.append([labelled(language, "catalogue", "page", 1)])
    hint = text(language, "catalogue-page", number=page.number, pages=page.pages)
    return Message(f"{head}\n{hint}", rows)


def card(
    language: str,
    product: ProductView,
    description: Description,
    *,
    owned: bool,
    own: bool,
    rails: list[str],
    bot_username: str,
    public_url: str,
) -> Message:
    """The card of a product. `owned`: bought already; `own`: the reader sells it; `rails`: offered here."""
    rows: Rows = []
    note = ""
    if own:
        rows.append([labelled(language, "manage", "my_product", product.id)])
    elif owned:
        note = text(language, "product-owned")
        rows.append([labelled(language, "open-in-library", "item", product.id)])
    else:
        rows.extend([offer] for rail in rails if (offer := _offer(language, product, rail, public_url)))
        note = "" if rows else text(language, "product-not-for-sale-here")
    if product.preview:
        rows.append([labelled(language, "preview", "preview", product.id)])
    rows.append(
        [
            share_button(language, product.slug, product.title, bot_username),
            labelled(language, "catalogue", "page", 1),
        ]
    )
    limit = CAPTION_LIMIT if product.picture_file_id else CARD_LIMIT
    prices = price_line(language, product, rails)
    return Message(_card_text(language, product, description, prices, note, limit), rows)


def price_line(language: str, product: ProductView, rails: Collection[str] = ()) -> str:
    """The prices on these rails, or on all, without markup."""
    prices = [price for rail, price in product.prices.items() if not rails or rail in rails]
    return " · ".join(dict.fromkeys(money(language, price) for price in prices))


def _nothing(language: str, words: str) -> Message:
    if not words:
        return Message(text(language, "catalogue-empty"))
    rows = [[labelled(language, "catalogue", "page", 1)]]
    return Message(text(language, "catalogue-not-found", words=words), rows)


def _with_price(language: str, product: ProductView) -> str:
    price = _first_price(product)
    suffix = f" · {money(language, price)}" if price else ""
    return shorten(product.title, 40) + suffix


def _first_price(product: ProductView) -> Money | None:
    return product.prices.get("stars") or next(iter(product.prices.values()), None)


def _offer(language: str, product: ProductView, rail: str, public_url: str) -> Button | None:
    price = money(language, product.prices[rail])
    if rail == "stars":
        return button(plain(language, "button-buy", price=price), "buy", product.id)
    label = plain(language, "button-buy-on-site", price=price)
    return link_button(label, f"{public_url}/p/{quote(product.slug)}") if public_url else None


def share_button(language: str, slug: str, title: str, bot_username: str) -> Button:
    """A button that sends a product to somebody else (core.telegram.org/api/links#share-links)."""
    query = urlencode({"url": product_link(bot_username, slug), "text": title})
    return Button(plain(language, "button-share"), url=f"https://t.me/share/url?{query}")


def _card_text(
    language: str, product: ProductView, description: Description, price_words: str, note: str, limit: int
) -> str:
    head = text(
        language,
        "product-head",
        title=shorten(product.title, TITLE_LIMIT),
        seller=product.seller_name,
    )
    facts = [text(language, fact.text, **fact.params) for fact in description.facts]
    files = "\n".join([*facts, *_file_lines(language, product, description.files)])
    prices = text(language, "product-price", prices=price_words) if price_words else ""
    rest = "\n\n".join(part for part in (files, prices, note) if part)
    room = limit - parsed_length(head) - parsed_length(rest) - 6
    about = text(language, "product-description", words=shorten(product.description, max(room, 1)))
    return "\n\n".join(part for part in (head, about if product.description else "", rest) if part)


def _file_lines(language: str, product: ProductView, files: list[FileView]) -> list[str]:
    listed = files[: FILES_IN_CAPTION if product.picture_file_id else FILES_SHOWN]
    lines = [
        text(language, "product-file", name=short_name(file.name), size=file_size(language, file.size))
        for file in listed
    ]
    hidden = len(files) - len(listed)
    return [*lines, text(language, "product-more-files", count=hidden)] if hidden else lines
