"""Messages about one sale: how it stands, and giving its money back."""

from bot.keyboards import Rows, labelled
from core.kit.money import Money
from core.kit.texts import money, plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT, WORDS_LIMIT
from core.payments.sale_refunds import Sale
from core.ports import Message


def sale(language: str, item: Sale) -> Message:
    """One sale, what went back of it, and the way to give back more."""
    lines = [
        text(
            language,
            "sale-card",
            number=item.number,
            title=shorten(item.title, TITLE_LIMIT),
            buyer=item.buyer or plain(language, "nobody-yet"),
            price=money(language, item.price),
            rail=plain(language, f"rail-{item.rail}"),
            status=plain(language, f"status-{item.status}"),
            when=int(item.paid_at.timestamp()),
        )
    ]
    lines += [
        text(
            language,
            "sale-refund-line",
            amount=money(language, each.amount),
            status=each.status,
            when=int(each.created_at.timestamp()),
            reason=shorten(each.reason, 100) or "—",
        )
        for each in item.refunds
    ]
    lines += [text(language, "sale-dispute-line", status=each.status) for each in item.disputes]
    rows: Rows = [[labelled(language, "dispute", "dispute", each.id)] for each in item.disputes]
    rows.append([labelled(language, "sales", "sales", 1)])
    if not item.hindrance:
        rows.insert(0, [labelled(language, "refund", "sale_refund", item.order_id)])
    elif item.hindrance == "refund-by-team":
        lines.append(text(language, "sale-refund-by-team"))
    return Message("\n\n".join(lines), rows)


def amounts(language: str, item: Sale) -> Message:
    """The question whether all goes back or a part."""
    rows: Rows = [
        [labelled(language, "refund-whole", "sale_whole", item.order_id)],
        [labelled(language, "refund-part", "sale_part", item.order_id)],
        [labelled(language, "back-to-sale", "sale", item.order_id)],
    ]
    left = money(language, item.left)
    return Message(text(language, "sale-refund-amounts", number=item.number, left=left), rows)


def part_question(language: str, item: Sale) -> Message:
    """The question how much goes back."""
    words = text(language, "sale-refund-part", number=item.number, left=money(language, item.left))
    return Message(words, [[labelled(language, "cancel", "cancel")]])


def reason_question(language: str, item: Sale) -> Message:
    """The question why, which the buyer reads."""
    words = text(language, "sale-refund-reason", number=item.number)
    return Message(words, [[labelled(language, "cancel", "cancel")]])


def confirmation(language: str, item: Sale, amount: int | None, reason: str) -> Message:
    """What will happen to money and access, before it does; `amount` None: all that is left."""
    back = money(language, item.left if amount is None else Money(amount, item.left.currency))
    about = {"amount": back, "number": item.number, "buyer": item.buyer or plain(language, "nobody-yet")}
    scope = "whole" if amount is None else "part" if item.in_force else "ended"
    if item.goes_on and item.in_force:
        scope = "past"
    words = text(language, "sale-refund-ask", scope=scope, reason=shorten(reason, WORDS_LIMIT), **about)
    button = "ended" if scope == "past" else scope
    rows: Rows = [[labelled(language, f"refund-yes-{button}", "sale_refunded", int(amount is None))]]
    if scope == "part":
        rows.append([labelled(language, "refund-yes-end", "sale_refunded", 1)])
    rows.append([labelled(language, "cancel", "cancel")])
    return Message(words, rows)
