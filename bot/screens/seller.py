"""The card of a shop, as buyers see it."""

from collections.abc import Sequence

from bot.keyboards import Rows, button, labelled, pager
from bot.screens.catalogue import with_price
from core.catalogue.catalogue import ProductView
from core.kit.pagination import Page
from core.kit.texts import text
from core.notifications.telegram_messages import support_button
from core.payments.offers import Offers
from core.ports import Message
from schemas.people import Seller


def card(
    language: str, seller: Seller, page: Page[ProductView], offers: Sequence[Offers], *, own: bool
) -> Message:
    """Who sells, what they say of themselves, and all that they have on sale; `own`: the reader is it."""
    head = text(
        language, "seller-card", name=seller.name, since=int(seller.created_at.timestamp()), count=page.total
    )
    about = (
        text(language, "seller-about", words=seller.about)
        if seller.about
        else text(language, "seller-silent")
    )
    lines = [head, about]
    if own and seller.about_waiting is not None:
        state = "held" if seller.about_held_at else "refused"
        lines.append(text(language, "seller-about-waiting", words=seller.about_waiting, state=state))
    rows: Rows = [
        [button(with_price(language, product.title, offer), "product", product.id)]
        for product, offer in zip(page.items, offers, strict=True)
    ]
    rows.append(pager(page.number, page.pages, "seller", seller.id or 0))
    if own:
        rows.append([labelled(language, "about", "shop_about"), labelled(language, "legal", "shop_legal")])
        rows.append([labelled(language, "shop", "shop")])
    else:
        rows.append([support_button(language), labelled(language, "catalogue", "page", 1)])
    return Message("\n\n".join(lines), rows)


def question(language: str, seller: Seller) -> Message:
    """The question what the shop says of itself; what it says already can be taken back."""
    rows: Rows = [[labelled(language, "cancel", "cancel")]]
    if _said(seller):
        rows.insert(0, [labelled(language, "about-nothing", "shop_silence")])
    return Message(text(language, "seller-about-question"), rows)


def silence(language: str, seller: Seller) -> Message:
    """The question whether what the shop says of itself is really to be deleted."""
    rows = [
        [labelled(language, "about-delete", "shop_silent")],
        [labelled(language, "about-keep", "shop_card")],
    ]
    return Message(text(language, "seller-silencing", words=_said(seller)), rows)


def _said(seller: Seller) -> str:
    """All that the shop says of itself, or would say."""
    return "\n\n".join(filter(None, (seller.about, seller.about_waiting)))


def legal_question(language: str, seller: Seller) -> Message:
    """The question who sells, by law; what stands on invoices now can be copied, or ended."""
    rows: Rows = [[labelled(language, "cancel", "cancel")]]
    if not seller.legal_name:
        return Message(text(language, "legal-question"), rows)
    rows.insert(0, [labelled(language, "legal-nobody", "shop_nobody")])
    return Message(f"{text(language, 'legal-question')}\n\n{_identity(language, seller)}", rows)


def legal(language: str, seller: Seller) -> Message:
    """What stands on the papers of every later sale."""
    rows: Rows = [[labelled(language, "legal", "shop_legal"), labelled(language, "shop", "shop")]]
    if not seller.legal_name:
        return Message(text(language, "legal-none"), rows)
    return Message(f"{text(language, 'legal-kept')}\n\n{_identity(language, seller)}", rows)


def _identity(language: str, seller: Seller) -> str:
    words = text(language, "legal-identity", name=seller.legal_name, address=seller.legal_address)
    number = text(language, "legal-vat", number=seller.vat_number) if seller.vat_number else ""
    return f"{words}\n{number}".strip()
