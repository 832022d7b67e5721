"""People: who they are to Telegram, which language they read, what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.single_statement import Rows, Statement
from core.kit.errors import NotFound, Refused
from core.kit.languages import LANGUAGES, best_language
from core.kit.names import clean_text
from core.kit.pagination import Page, paginate
from core.kit.permissions import STAFF, TABLE
from core.kit.rows import must_get
from core.people.shop_doors import fit_doors
from core.people.staff_news import announce
from schemas.people import Language, Role, Seller, User

FOUND = 10  # people on a page
NAME_LIMIT = 128  # characters of a shown name that we keep

# One statement, since every notice asks it: 0.05 ms of a processor against 0.34 through the ORM (measured).
READER = "SELECT telegram_id, language, blocked_at IS NOT NULL FROM person WHERE id = %(user_id)s"


@dataclass(frozen=True)
class Reader:
    """Whom a message is for. `blocked`: the person has blocked the bot."""

    user_id: int
    telegram_id: int
    language: Language
    blocked: bool


def language_of(language_code: str | None) -> Language:
    """Our language for a Telegram language code (IETF tag), which clients may leave out."""
    return best_language([language_code or ""])


def upsert_person(
    session: Session,
    *,
    telegram_id: int,
    name: str,
    username: str | None,
    language_code: str | None,
    now: datetime,
) -> User:
    """Write down who speaks to us. A chosen language stays; whoever writes has not blocked us.

    Someone we know as he is costs no write.
    """
    current = {
        "name": clean_text(name)[:NAME_LIMIT],
        "username": clean_text(username or "") or None,
        "blocked_at": None,
    }
    user = find_user(session, telegram_id)
    if user is not None and _is_current(user, current, language_code):
        return user
    statement = insert(User).values(
        telegram_id=telegram_id,
        language=language_of(language_code),
        language_chosen=False,
        roles=["buyer"],
        created_at=now,
        **current,
    )
    language = statement.excluded.language if language_code else col(User.language)
    unless_chosen = case((col(User.language_chosen), col(User.language)), else_=language)
    statement = statement.on_conflict_do_update(
        index_elements=["telegram_id"], set_={**current, "language": unless_chosen}
    )
    return session.scalars(statement.returning(User), execution_options={"populate_existing": True}).one()


def choose_language(session: Session, user: User, language: str) -> None:
    """Set the language for good; Telegram's own no longer overrides it."""
    if language not in LANGUAGES:
        raise Refused("language-unknown", {"language": language[:10]})
    user.language, user.language_chosen = language, True
    session.add(user)


def find_user(session: Session, telegram_id: int) -> User | None:
    """The person with this Telegram id, if we ever met."""
    return session.exec(select(User).where(User.telegram_id == telegram_id)).one_or_none()


def known_user(session: Session, telegram_id: int) -> User:
    """The same. Raises `NotFound` when we never met."""
    user = find_user(session, telegram_id)
    if user is None:
        raise NotFound("person-unknown")
    return user


def user_of(session: Session, user_id: int) -> User:
    """The person with our id. Raises `NotFound`."""
    return must_get(session, User, user_id, "person-unknown")


def reader_of(user_id: int) -> Statement[Reader]:
    """The person with our id, as a message needs it. Raises `NotFound`."""

    def read(rows: Rows) -> Reader:
        if not rows:
            raise NotFound("person-unknown")
        return Reader(user_id, *rows[0])

    return Statement(READER, {"user_id": user_id}, read)


def find_people(session: Session, words: str, *, page: int) -> Page[User]:
    """Whom we know by every word, in name or username, or by Telegram id; who came last is first."""
    statement = select(User).order_by(col(User.id).desc())
    for word in clean_text(words).split()[:4]:
        named = [
            col(User.name).icontains(word, autoescape=True),
            func.coalesce(User.username, "").icontains(word.removeprefix("@"), autoescape=True),
        ]
        if word.isascii() and word.isdigit() and len(word) <= 18:
            named.append(col(User.telegram_id) == int(word))
        statement = statement.where(or_(*named))
    return paginate(session, statement, lambda rows: [row[0] for row in rows], page=page, size=FOUND)


def set_role(session: Session, telegram_id: int, role: str, *, actor: str, present: bool = True) -> User:
    """Give a role or take it away; a person not met yet is written down, to be greeted later."""
    if role not in TABLE:
        raise Refused("unknown-role", {"role": role[:20]})
    session.execute(insert(User).values(telegram_id=telegram_id).on_conflict_do_nothing())
    locked = select(User).where(User.telegram_id == telegram_id).with_for_update(key_share=True)
    user = session.exec(locked.execution_options(populate_existing=True)).one()
    return change_role(session, user, role, actor=actor, present=present)


def change_role(session: Session, user: User, role: Role, *, actor: str, present: bool = True) -> User:
    """`set_role` for whoever holds the lock of the person's row already. A ban closes the person's shop, and
    its end opens it again (`core.people.shop_doors`). Who becomes one of the staff, or is so no
    longer, is told."""
    if (role in user.roles) == present:
        return user
    user.roles = [*user.roles, role] if present else [other for other in user.roles if other != role]
    session.add(user)
    record(session, actor, "role.given" if present else "role.taken", f"user:{user.id}", role=role)
    if role == "banned":
        shop_id = session.exec(select(Seller.id).where(Seller.user_id == user.id)).one_or_none()
        if shop_id is not None:
            fit_doors(session, shop_id, actor=actor)
    session.flush()
    if role in STAFF:
        announce(session, user, role, present=present)
    return user


def _is_current(user: User, current: Mapping[str, object], language_code: str | None) -> bool:
    same_language = user.language_chosen or not language_code or user.language == language_of(language_code)
    return same_language and all(getattr(user, name) == value for name, value in current.items())
