"""Which notifications a person wants, and by which ways."""

from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from core.kit.errors import Refused
from core.notifications.kinds import KINDS
from core.notifications.words import title_of
from schemas.notifications import Kind, NotificationChoice, Way
from schemas.people import User


@dataclass(frozen=True)
class KindChoice:
    """One kind, and for each way that it may take whether the person has it come that way."""

    kind: Kind
    title: str
    ways: dict[Way, bool]


def choices_of(session: Session, user_id: int, language: str) -> list[KindChoice]:
    """Every kind that the person may meet with what the person chose, or else what it does by itself."""
    roles = session.exec(select(User.roles).where(User.id == user_id)).one()
    rows = session.exec(select(NotificationChoice).where(NotificationChoice.user_id == user_id))
    chosen = {(row.kind, row.way): row.wanted for row in rows}
    return [
        KindChoice(
            kind,
            title_of(language, kind),
            {way: chosen.get((kind, way), by_itself) for way, by_itself in traits.ways.items()},
        )
        for kind, traits in KINDS.items()
        if "admin" in roles or not traits.admins
    ]


def choose(session: Session, user_id: int, kind: str, way: str, wanted: bool) -> None:
    """Have one kind come by one way, or not. Raises `Refused` "notification-way": it never does."""
    traits = next((traits for name, traits in KINDS.items() if name == kind), None)
    if traits is None or way not in traits.ways:
        raise Refused("notification-way")
    row = insert(NotificationChoice).values(user_id=user_id, kind=kind, way=way, wanted=wanted)
    again = row.on_conflict_do_update(index_elements=["user_id", "kind", "way"], set_={"wanted": wanted})
    session.execute(again)
