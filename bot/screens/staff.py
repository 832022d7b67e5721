"""Messages for staff: orders, bank transfers to check, new shops."""

from collections.abc import Collection

from bot.callbacks import fit
from bot.keyboards import Rows, button, labelled, pager
from core.kit.pagination import Page
from core.kit.permissions import allowed
from core.kit.rows import id_of
from core.kit.texts import Param, money, plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT
from core.notifications.telegram_messages import WORDS_LIMIT as NOTE_LIMIT
from core.orders.orders import can_move
from core.orders.receipts import OrderSummary, Receipt
from core.payments.rails.manual.transfers import PendingPayment
from core.ports import Message
from schemas.people import Role, Seller, User
from schemas.sales import Order

WORDS_LIMIT = 200
ECHO_LIMIT = 60  # UTF-16 units of what somebody typed that an answer repeats


def orders(language: str, page: Page[OrderSummary], words: str) -> Message:
    """Orders as buttons; a mark says which need support."""
    if not page.total:
        return Message(text(language, "staff-orders-none", words=shorten(words, ECHO_LIMIT)))
    rows: Rows = [[button(_order_label(language, line), "order", line.id)] for line in page.items]
    rest = [fit(words, "orders", page.pages)] if words else []
    rows.append(pager(page.number, page.pages, "orders", *rest))
    head = text(language, "staff-orders", count=page.total, number=page.number, pages=page.pages)
    return Message(head, rows)


def order(
    language: str, row: Order, receipt: Receipt, buyer: User | None, roles: Collection[Role]
) -> Message:
    """One order, and the acts that its status and the reader's roles allow."""
    body = text(
        language,
        "staff-order",
        number=receipt.number,
        title=shorten(receipt.title, TITLE_LIMIT),
        seller=receipt.seller_name,
        buyer=_person(buyer) if buyer else plain(language, "nobody-yet"),
        price=money(language, receipt.price),
        rail=plain(language, f"rail-{receipt.rail}"),
        status=plain(language, f"status-{receipt.status}"),
        charge=shorten(receipt.provider_id, 128) or "—",
        when=int(row.created_at.timestamp()),
    )
    lines = [body]
    if row.needs_support_at is not None:
        lines.append(text(language, "staff-order-needs-support"))
    if row.note:
        lines.append(text(language, "staff-order-note", note=shorten(row.note, NOTE_LIMIT)))
    return Message("\n".join(lines), _order_acts(language, row, roles))


def payments(language: str, page: Page[PendingPayment]) -> Message:
    """Bank transfers to check, each with its two buttons."""
    if not page.total:
        return Message(text(language, "staff-payments-none"))
    lines = [text(language, "staff-payments", count=page.total)]
    rows: Rows = []
    for payment in page.items:
        lines.append(_payment_line(language, payment))
        rows.append(
            [
                button(f"✅ {payment.number}", "pay_ok", payment.order_id),
                button(f"❌ {payment.number}", "pay_no", payment.order_id),
            ]
        )
    rows.append(pager(page.number, page.pages, "payments"))
    return Message("\n\n".join(lines), rows)


def waiting_shops(language: str, waiting: list[Seller]) -> Message:
    """New shops that wait for a decision, each with its two buttons."""
    if not waiting:
        return Message(text(language, "staff-shops-none"))
    rows = [
        [
            button(f"✅ {shorten(shop.name, 20)}", "shop_ok", id_of(shop)),
            button(f"❌ {shorten(shop.name, 20)}", "shop_no", id_of(shop)),
        ]
        for shop in waiting[:20]
    ]
    return Message(text(language, "staff-shops", count=len(waiting)), rows)


def shop_refusal(language: str, seller_id: int, name: str) -> Message:
    """The question whether a new shop is really to be refused."""
    rows: Rows = [
        [labelled(language, "shop-refuse-yes", "shop_refused", seller_id)],
        [labelled(language, "cancel", "cancel")],
    ]
    return Message(text(language, "staff-shop-refusing", name=name), rows)


def question(language: str, text_id: str, **params: Param) -> Message:
    """A question that staff answer in words."""
    return Message(text(language, text_id, **params), [[labelled(language, "cancel", "cancel")]])


def _order_acts(language: str, row: Order, roles: Collection[Role]) -> Rows:
    rows: Rows = []
    if row.status == "submitted" and allowed(roles, "validate_payment"):
        rows.append(
            [
                labelled(language, "approve", "pay_ok", id_of(row)),
                labelled(language, "refuse", "pay_no", id_of(row)),
            ]
        )
    if can_move(row.status, "refunded"):
        if row.buyer_id is not None and allowed(roles, "resend_order"):
            rows.append([labelled(language, "resend", "resend", id_of(row))])
        if row.amount and allowed(roles, "refund_order"):
            rows.append([labelled(language, "refund", "refund", id_of(row))])
    if row.needs_support_at is not None and row.status != "paid" and allowed(roles, "resend_order"):
        rows.append([labelled(language, "support-done", "support_done", id_of(row))])
    if allowed(roles, "replay_events"):
        rows.append([labelled(language, "try-again", "try_again", id_of(row))])
    rows.append([labelled(language, "orders", "orders", 1)])
    return rows


def _order_label(language: str, line: OrderSummary) -> str:
    mark = "⚠️ " if line.needs_support else ""
    status = plain(language, f"status-{line.status}")
    return f"{mark}{line.number} · {status} · {shorten(line.title, 24)}"


def _payment_line(language: str, payment: PendingPayment) -> str:
    return text(
        language,
        "staff-payment-line",
        number=payment.number,
        title=shorten(payment.title, 60),
        price=money(language, payment.price),
        transaction=shorten(payment.transaction_id, 128),
        buyer=payment.buyer or plain(language, "nobody-yet"),
        when=int(payment.submitted_at.timestamp()),
    )


def _person(person: User) -> str:
    name = shorten(person.name, 64)
    return (
        f"{name} (@{person.username}, {person.telegram_id})"
        if person.username
        else f"{name} ({person.telegram_id})"
    )
