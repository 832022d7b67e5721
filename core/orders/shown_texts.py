"""Texts that stand alone, like what a shop says of itself: the new one waits beside the one that buyers read.

So a page that shows such a text needs no rule of its own. Refused words stay with their seller, who may want
to change them, and staff are not asked about them again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.names import bounded, clean_text
from core.kit.readable_rows import build_readable
from core.kit.rows import id_of, must_get
from core.notifications.notify import Buttons, notify_seller, notify_staff
from core.orders.text_review import NOTE_LIMIT, TextKind, TextRules, WaitingText, mark_of_words, needs_staff
from schemas.membership import Channel
from schemas.people import Seller


@dataclass(frozen=True)
class ShownText:
    """A text of a row: what buyers read is in the column `shown`, what waits in `{shown}_waiting`, since when
    in `{shown}_held_at`.

    `texts` begins the ids of what people are told of it; `button` (label, data) leads its seller there.
    """

    table: type[Seller] | type[Channel]
    unknown: str  # code of the refusal where there is no such row
    shown: str
    texts: str
    button: tuple[str, str]

    @property
    def waiting(self) -> str:
        """The column of the words that wait, or were refused."""
        return f"{self.shown}_waiting"

    @property
    def held_at(self) -> str:
        """The column that says since when they wait."""
        return f"{self.shown}_held_at"


SHOWN_TEXTS: Mapping[TextKind, ShownText] = {
    "about": ShownText(Seller, "shop-unknown", "about", "about", ("button-about", "shop_about")),
    "channel": ShownText(
        Channel, "channel-unknown", "title", "channel-title", ("button-channel", "channel:{id}")
    ),
}


def propose(
    session: Session,
    kind: TextKind,
    row: Seller | Channel,
    words: str,
    rules: TextRules,
    *,
    now: datetime,
) -> None:
    """A locked row is to say these words: at once, or once staff have seen them if the rules want that.

    No words, and those that buyers read already, need nobody; what waits or was refused is not asked again.
    """
    text = SHOWN_TEXTS[kind]
    is_new = words != getattr(row, text.waiting)
    if words in ("", getattr(row, text.shown)) or not needs_staff(rules, words):
        _set(row, text, shown=words)
    elif is_new:
        _set(row, text, waiting=words, held_at=now)
        _ask(session, kind, row, now)
    session.add(row)
    session.flush()


def waiting_shown(session: Session, kind: TextKind, *, limit: int | None = None) -> list[WaitingText]:
    """Texts of a kind that wait for staff, oldest first; all, or the first `limit`."""
    table: Any = SHOWN_TEXTS[kind].table
    held_at = col(getattr(table, SHOWN_TEXTS[kind].held_at))
    waiting = select(table).where(held_at.is_not(None)).order_by(held_at)

    def build(rows: Sequence[Any]) -> list[WaitingText]:
        return [_waiting(session, kind, row) for (row,) in rows]

    return build_readable(session, waiting, build, limit=limit)


def decide_shown(
    session: Session, kind: TextKind, row_id: int, mark: str, *, approved: bool, note: str, actor: str
) -> str:
    """Staff's answer to these words: buyers read them, or go on reading what they read. Returns what they are
    of, as `title_of`.

    Raises `NotFound`; `Refused`: text-not-waiting (decided, or changed since), note-empty, note-too-long.
    """
    text = SHOWN_TEXTS[kind]
    row: Any = must_get(session, text.table, row_id, text.unknown, lock=True)
    words, since = getattr(row, text.waiting), getattr(row, text.held_at)
    if words is None or mark_of_words(words) != mark or (since is None and not approved):
        raise Refused("text-not-waiting", {"title": title_of(row)})
    details = _details(row, text)
    if approved:
        _set(row, text, shown=words)
    else:
        details["note"] = bounded(clean_text(note), "note", NOTE_LIMIT)
        _set(row, text, waiting=words)
    session.add(row)
    session.flush()
    answer = "accepted" if approved else "refused"
    record(session, actor, f"text.{answer}", f"{text.table.__tablename__}:{row_id}")
    _tell_seller(session, kind, row, answer, details, f"{mark}:{since}:{answer}")
    return title_of(row)


def title_of(row: Seller | Channel) -> str:
    """What the text is of, for staff: the shop, or the channel by its newest name."""
    return row.name if isinstance(row, Seller) else newest(row)


def newest(row: Channel) -> str:
    """What a channel is called for its own seller, who knows it by no other name."""
    return row.title_waiting or row.title


def _set(
    row: Seller | Channel,
    text: ShownText,
    *,
    shown: str | None = None,
    waiting: str | None = None,
    held_at: datetime | None = None,
) -> None:
    if shown is not None:
        setattr(row, text.shown, shown)
    setattr(row, text.waiting, waiting)
    setattr(row, text.held_at, held_at)


def _ask(session: Session, kind: TextKind, row: Seller | Channel, now: datetime) -> None:
    text, waiting = SHOWN_TEXTS[kind], _waiting(session, kind, row)
    record(session, "system", "text.held", f"{text.table.__tablename__}:{row.id}")
    data = f"{waiting.id}:{waiting.mark}:{kind}"
    buttons = [["button-approve", f"text_ok:{data}"], ["button-refuse", f"text_no:{data}"]]
    once = f"{kind}:{row.id}:{waiting.mark}:{now}"
    notify_staff(
        session,
        f"staff-{text.texts}-waiting",
        {"title": waiting.title, "words": waiting.words, "seller": waiting.seller},
        once=once,
        buttons=buttons,
        act="moderate",
    )
    _tell_seller(session, kind, row, "held", _details(row, text), f"{waiting.mark}:{now}")


def _details(row: Seller | Channel, text: ShownText) -> dict[str, str]:
    """What its seller is told of it: the words, and what buyers read meanwhile, if anything."""
    shown = getattr(row, text.shown)
    return {"words": getattr(row, text.waiting), "shown": shown, "former": "yes" if shown else "no"}


def _tell_seller(
    session: Session,
    kind: TextKind,
    row: Seller | Channel,
    event: str,
    details: Mapping[str, str | int],
    occasion: str,
) -> None:
    text = SHOWN_TEXTS[kind]
    label, data = text.button
    seller_id = id_of(row) if isinstance(row, Seller) else row.seller_id
    buttons: Buttons = [[label, data.format(id=row.id)]]
    once = f"{kind}:{row.id}:{occasion}"
    notify_seller(session, seller_id, f"{text.texts}-{event}", details, once=once, buttons=buttons)


def _waiting(session: Session, kind: TextKind, row: Any) -> WaitingText:
    text = SHOWN_TEXTS[kind]
    words, since = getattr(row, text.waiting), getattr(row, text.held_at)
    seller = row if isinstance(row, Seller) else session.get_one(Seller, row.seller_id)
    return WaitingText(kind, id_of(row), mark_of_words(words), title_of(row), words, seller.name, since)
