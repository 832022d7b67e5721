"""All texts of sellers that wait for staff, whatever their kind, and the answers to them."""

from sqlmodel import Session

from core.orders.shown_texts import SHOWN_TEXTS, decide_shown, waiting_shown
from core.orders.text_review import TextKind, WaitingText, decide_product, waiting_products


def waiting_texts(session: Session, *, limit: int | None = None) -> list[WaitingText]:
    """Texts that wait for staff, oldest first; all, or the first `limit`."""
    waiting = waiting_products(session, limit=limit)
    for kind in SHOWN_TEXTS:
        waiting += waiting_shown(session, kind, limit=limit)
    return sorted(waiting, key=lambda text: text.since)[:limit]


def decide_text(
    session: Session, kind: TextKind, row_id: int, mark: str, *, approved: bool, note: str, actor: str
) -> str:
    """Staff's answer to these words of a product, shop or channel, whose title or name is returned.

    Raises as `decide_product` and `decide_shown` do.
    """
    if kind == "product":
        return decide_product(session, row_id, mark, approved=approved, note=note, actor=actor)
    return decide_shown(session, kind, row_id, mark, approved=approved, note=note, actor=actor)
