"""How much of what a person sends is served: a flood is told once what is the matter, and then not heard.

What the bot asked for (pressed buttons, answers, files) has a class of its own, so that nobody who pages
through the catalogue or answers the questions of a sale is held up. Payments do not come here.
"""

from datetime import datetime

from bot.dialogs import Dialog
from core.kit.errors import Refused
from core.kit.permissions import STAFF
from core.process.limiter import Limiter, TooMany
from core.process.limits import MESSAGES, STEPS, Limit
from schemas.people import User


def class_of(words: str, dialog: Dialog | None, *, has_file: bool) -> Limit:
    """The class of a message: `dialog` is the question that it may answer."""
    if has_file or (dialog is not None and not words.startswith("/")):
        return STEPS
    return MESSAGES


def is_backlog(limit: Limit, sent: datetime, now: datetime) -> bool:
    """Whether a message waited while the bot was away: they come all at once, and were not sent so."""
    return now.timestamp() - sent.timestamp() > limit.seconds


class Pace:
    """One update of a person against its class. `limit` None: it is not counted."""

    def __init__(self, limiter: Limiter, limit: Limit | None, telegram_id: int) -> None:
        self._limiter = limiter
        self._limit = limit
        self._client = str(telegram_id)
        self._refusal: TooMany | None = None
        if limit is not None:
            try:
                limiter.admit(limit, self._client)
            except TooMany as refusal:
                self._refusal = refusal

    @property
    def is_unheard(self) -> bool:
        """Whether it is one too many, and the person knows why."""
        return self._refusal is not None and not self._refusal.first

    @property
    def is_one_too_many(self) -> bool:
        """Whether the class is used up."""
        return self._refusal is not None

    def check(self, person: User) -> None:
        """Raise `Refused` "too-many-messages", once; staff work as fast as they can."""
        if self._refusal is None or self._limit is None:
            return
        if not set(STAFF) & set(person.roles):
            raise Refused("too-many-messages", {"seconds": self._refusal.seconds})
        self._limiter.forget(self._limit, self._client)
