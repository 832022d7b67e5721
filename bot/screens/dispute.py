"""Messages about a bank's dispute of a sale."""

from bot.keyboards import Rows, labelled
from core.kit.money import EXPONENTS, Money
from core.kit.texts import money, plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT
from core.payments.dispute_rules import ANSWERABLE
from core.payments.dispute_views import DisputeMoney, DisputeView
from core.ports import Button, Message


def dispute(language: str, view: DisputeView, public_url: str) -> Message:
    """How a dispute stands, until when it can be answered, what it moved, and where its proof is read."""
    lines = [
        text(
            language,
            "dispute-card",
            number=view.number,
            title=shorten(view.title, TITLE_LIMIT),
            amount=money(language, view.amount),
            status=view.status,
            reason=view.reason,
            by=int(view.answer_by.timestamp()) if view.answer_by else 0,
            answered=str(view.answered).lower(),
            held=str(view.is_held).lower(),
            when=int(view.created_at.timestamp()),
        )
    ]
    lines += [
        text(
            language,
            "dispute-moved",
            way="out" if line.amount < 0 else "back",
            amount=_sum(language, line, abs(line.amount)),
            fee=_sum(language, line, line.fee) if line.fee else "",
        )
        for line in view.moved
    ]
    rows: Rows = [[labelled(language, "sale", "sale", view.order_id)]]
    if view.proof and public_url:
        label = plain(language, "button-evidence")
        rows.insert(0, [Button(label, url=public_url + view.proof)])
    if view.can_submit:
        rows.insert(-1, [labelled(language, "evidence-submit", "dispute_submit", view.id)])
    elif view.status in ANSWERABLE and not view.answered and not view.proof:
        lines.append(text(language, "dispute-gathering"))
    return Message("\n\n".join(lines), rows)


def confirmation(language: str, view: DisputeView) -> Message:
    """The question whether the proof is really to be handed in: there is one go."""
    rows: Rows = [
        [labelled(language, "evidence-yes", "dispute_submitted", view.id)],
        [labelled(language, "back-to-dispute", "dispute", view.id)],
    ]
    return Message(text(language, "dispute-submit-ask", number=view.number), rows)


def _sum(language: str, line: DisputeMoney, amount: int) -> str:
    """An amount of the balance, which may be in a currency that we do not sell in."""
    if line.currency in EXPONENTS:
        return money(language, Money(amount, line.currency))
    return f"{amount} {line.currency}"
