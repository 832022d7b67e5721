"""Staff look at what a product says, as they do at its files: title and description are shown to everybody.

A text that the policy wants looked at takes its product off every list until staff accept it; whoever bought
it keeps it. A text that was accepted once is not asked about again. What sellers write elsewhere is looked at
by the same rules, in `core.orders.shown_texts`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.names import bounded, clean_text
from core.kit.readable_rows import build_readable
from core.kit.rows import id_of, must_get
from core.notifications.notify import notify_seller, notify_staff
from schemas.catalogue import Product
from schemas.people import Seller

NOTE_LIMIT = 500  # characters
MARK_LENGTH = 12  # of a text's digest, in the data of a button

TextKind = Literal["product", "about", "channel"]
"""What sellers write: a product's words, what a shop says of itself, and what a channel is called."""


@dataclass(frozen=True)
class TextRules:
    """Which texts staff look at: off, flagged (those with one of `words`) or all."""

    mode: str
    words: str


@dataclass(frozen=True)
class WaitingText:
    """What a product or shop would say. `mark` tells this wording from a later one, `title` names what it is
    of."""

    kind: TextKind
    id: int
    mark: str
    title: str
    words: str
    seller: str
    since: datetime


def wants_staff(mode: str, noticed: bool) -> bool:
    """Whether staff look at something in which automatic checks noticed something, or nothing."""
    return mode == "all" or (mode == "flagged" and noticed)


def flagged(words: str, text: str) -> list[str]:
    """Those of the words, separated by commas, that occur in a text, whatever their case."""
    listed = (clean_text(part).casefold() for part in words.split(","))
    return [word for word in listed if word and word in text.casefold()]


def needs_staff(rules: TextRules, words: str) -> bool:
    """Whether staff look at these words before they are shown."""
    return wants_staff(rules.mode, bool(flagged(rules.words, words)))


def review_text(session: Session, product: Product, rules: TextRules, *, now: datetime) -> None:
    """A locked product says something new, or is put on sale: hold it for staff if the rules want that.

    A draft is shown to nobody, so it is looked at when it is put on sale.
    """
    mark = mark_of(product)
    if product.text_refused != mark:
        product.text_refused = None
    if not needs_staff(rules, f"{product.title}\n{product.description}") or mark == product.text_accepted:
        product.text_held_at = None
    else:
        product.text_held_at = now if product.status == "published" else None
        if product.text_held_at:
            _tell(session, product)
    session.add(product)
    session.flush()


def is_unread(product: Product, rules: TextRules) -> bool:
    """Whether a product's title is one that buyers were not to read: of a draft, or not accepted yet."""
    if product.status == "draft":
        return True
    return needs_staff(rules, product.title) and mark_of(product) != product.text_accepted


def mark_of(product: Product) -> str:
    """What tells the product's present words from others."""
    return mark_of_words(f"{product.title}\0{product.description}")


def mark_of_words(words: str) -> str:
    """What tells these words from others, short enough for a button."""
    return hashlib.sha256(words.encode()).hexdigest()[:MARK_LENGTH]


def waiting_products(session: Session, *, limit: int | None = None) -> list[WaitingText]:
    """Products whose words wait for staff, oldest first; all, or the first `limit`. Refused ones do not."""
    statement = select(Product, Seller.name).join(Seller, col(Seller.id) == Product.seller_id)
    waiting = statement.where(col(Product.text_held_at).is_not(None), col(Product.text_refused).is_(None))
    return build_readable(session, waiting.order_by(col(Product.text_held_at)), _waiting, limit=limit)


def decide_product(
    session: Session, product_id: int, mark: str, *, approved: bool, note: str, actor: str
) -> str:
    """Staff's answer to these words; the seller reads the note of a refusal, and may change them. Returns the
    product's title.

    Raises `NotFound`; `Refused`: text-not-waiting (decided, or changed since), note-empty, note-too-long.
    """
    product = must_get(session, Product, product_id, "product-unknown", lock=True)
    if product.text_held_at is None or mark_of(product) != mark:
        raise Refused("text-not-waiting", {"title": product.title})
    details = {"title": product.title}
    if approved:
        product.text_accepted, product.text_refused, product.text_held_at = mark, None, None
    else:
        details["note"] = bounded(clean_text(note), "note", NOTE_LIMIT)
        product.text_refused = mark
    session.add(product)
    session.flush()
    word = "accepted" if approved else "refused"
    record(session, actor, f"text.{word}", f"product:{product_id}")
    notify_seller(session, product.seller_id, f"text-{word}", details, once=f"{product_id}:{mark}:{word}")
    return product.title


def _waiting(rows: Sequence[Any]) -> list[WaitingText]:
    return [
        WaitingText(
            "product",
            id_of(product),
            mark_of(product),
            product.title,
            product.description,
            seller,
            product.text_held_at,
        )
        for product, seller in rows
    ]


def _tell(session: Session, product: Product) -> None:
    mark = mark_of(product)
    once, data = f"{product.id}:{mark}", f"{product.id}:{mark}"
    buttons = [["button-approve", f"text_ok:{data}"], ["button-refuse", f"text_no:{data}"]]
    params = {"title": product.title, "words": product.description}
    notify_staff(session, "staff-text-waiting", params, once=once, buttons=buttons, act="moderate")
    notify_seller(session, product.seller_id, "text-held", {"title": product.title}, once=once)
