"""Messages of the catalogue: its pages, and the card of a product."""

from collections.abc import Sequence
from urllib.parse import urlencode

from bot.callbacks import fit
from bot.keyboards import Rows, button, labelled, pager
from core.catalogue.catalogue import FileView, ProductView
from core.kit.pagination import Page
from core.kit.prices import amounts_of
from core.kit.texts import file_size, money, money_list, parsed_length, plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT, link_button, short_name
from core.orders.fulfilment import Description
from core.payments.offers import Offers
from core.payments.waiver import version_of
from core.ports import Button, Message
from core.telegram.deep_links import product_link

CAPTION_LIMIT = 1024  # core.telegram.org/bots/api#sendphoto
CARD_LIMIT = 3500
FILES_SHOWN = 10
FILES_IN_CAPTION = 4


def catalogue(language: str, page: Page[ProductView], offers: Sequence[Offers], words: str) -> Message:
    """One page of the catalogue, or of what a search found; `offers` are those of its items, in order."""
    if not page.total:
        return _nothing(language, words)
    head = (
        text(language, "catalogue-found", words=words, count=page.total)
        if words
        else text(language, "catalogue-all", count=page.total)
    )
    rows = [
        [button(with_price(language, product.title, offer), "product", product.id)]
        for product, offer in zip(page.items, offers, strict=True)
    ]
    rows.append(pager(page.number, page.pages, "page", *([fit(words, "page", page.pages)] if words else [])))
    if words:
        rows.append([labelled(language, "catalogue", "page", 1)])
    hint = text(language, "catalogue-page", number=page.number, pages=page.pages)
    return Message(f"{head}\n{hint}", rows)


def card(
    language: str,
    product: ProductView,
    description: Description,
    offers: Offers,
    *,
    owned: bool,
    own: bool,
    bot_username: str,
) -> Message:
    """The card of a product. `owned`: bought already; `own`: the reader sells it."""
    rows: Rows = []
    note = ""
    if own:
        rows.append([labelled(language, "manage", "my_product", product.id)])
    elif owned:
        note = text(language, "product-owned")
        rows.append([labelled(language, "open-in-library", "item", product.id)])
    else:
        rows.extend(pay_buttons(language, offers, "button-buy"))
        note = "" if rows else text(language, "product-not-for-sale-here")
    if product.preview:
        rows.append([labelled(language, "preview", "preview", product.id)])
    rows.append([labelled(language, "seller", "seller_of", product.id)])
    rows.append(
        [
            share_button(language, product.slug, product.title, bot_username),
            labelled(language, "catalogue", "page", 1),
        ]
    )
    limit = CAPTION_LIMIT if product.picture_file_id else CARD_LIMIT
    prices = price_line(language, offers)
    return Message(_card_text(language, product, description, prices, note, limit), rows)


def price_line(language: str, offers: Offers) -> str:
    """The prices that may be shown, without markup; empty where there are none."""
    return money_list(language, amounts_of(offers.prices))


def pay_buttons(language: str, offers: Offers, label: str) -> Rows:
    """One button for each price: `label` here, the others on the site, which opens in its currency."""
    buttons = [
        button(plain(language, label, price=money(language, price)), "buy", offers.product_id)
        for rail in offers.here
        for price in offers.prices[rail]
    ]
    for price in (price for rail in offers.on_site for price in offers.prices[rail]):
        on_site = plain(language, "button-buy-on-site", price=money(language, price))
        buttons += filter(None, [link_button(on_site, offers.site_in(price.currency))])
    # Rails of one price share a button: the page asks which.
    return [[each] for each in dict.fromkeys(buttons)]


def _nothing(language: str, words: str) -> Message:
    if not words:
        return Message(text(language, "catalogue-empty"))
    rows = [[labelled(language, "catalogue", "page", 1)]]
    return Message(text(language, "catalogue-not-found", words=words), rows)


def with_price(language: str, title: str, offers: Offers) -> str:
    """The label of a product's button: its title, and the price that is paid first."""
    first = next(iter((*offers.here, *offers.on_site)), None)  # what is paid right here says most
    suffix = f" · {money(language, offers.prices[first][0])}" if first else ""
    return shorten(title, 40) + suffix


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


def waiver_question(language: str, product_id: int) -> Message:
    """The words by which a buyer gives up the right of withdrawal; the press says which words were read."""
    words = f"{text(language, 'waiver-head')}\n\n{text(language, 'waiver-words')}"
    agreed = labelled(language, "waive", "waive", product_id, version_of(language))
    return Message(words, [[agreed], [labelled(language, "product", "product", product_id)]])
