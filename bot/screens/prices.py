"""What a seller asks for a product or a plan: all prices, and the question for those of one way to pay."""

from collections.abc import Sequence

from bot.keyboards import button, in_pairs, labelled
from core.catalogue.catalogue import ProductView
from core.kit.texts import money_list, plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT
from core.ports import Message


def prices(language: str, product: ProductView, rails: Sequence[str]) -> Message:
    """All prices, and a button for each rail whose prices can be changed."""
    lines = [text(language, "prices-head", title=shorten(product.title, TITLE_LIMIT))]
    lines += [
        text(
            language,
            "prices-line",
            rail=plain(language, f"rail-{rail}"),
            prices=money_list(language, product.prices.get(rail, ())) or "—",
        )
        for rail in rails
    ]
    buttons = [button(plain(language, f"rail-{rail}"), "price_rail", product.id, rail) for rail in rails]
    rows = in_pairs(buttons)
    if product.kind == "membership":
        rows.append([labelled(language, "back-to-plan", "plan_edit", product.id)])
    else:
        rows.append([labelled(language, "back-to-product", "my_product", product.id)])
    return Message("\n".join(lines), rows)


def question(language: str, product: ProductView, rail: str) -> Message:
    """The question what a product costs on one rail; the answer replaces what it costs there now."""
    present = money_list(language, product.prices.get(rail, ()))
    words = "ask-price-stars" if rail == "stars" else "ask-price"
    named = text(language, words, rail=plain(language, f"rail-{rail}"), prices=present or "—")
    rows = [[labelled(language, "cancel", "prices", product.id)]]
    if present:
        rows.insert(0, [labelled(language, "price-none", "price_none", product.id, rail)])
    return Message(named, rows)
