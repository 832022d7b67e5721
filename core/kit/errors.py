"""Errors, one class per decision: retry, give up, tell the person."""

from dataclasses import dataclass


class ComptoirError(Exception):
    """Base of all our errors. The message says what happened, why, and what to do next."""


class SettingError(ComptoirError):
    """A setting is missing or wrong; the message names the variable."""


class Permanent(ComptoirError):
    """A job failed in a way that no retry mends; it goes to `dead` at once."""


@dataclass
class RetryAfter(ComptoirError):
    """A job must wait, by order of the other side (FloodWait, Retry-After)."""

    seconds: float
    reason: str = ""

    def __str__(self) -> str:
        return f"retry after {self.seconds:g} s: {self.reason}"


@dataclass
class Refused(ComptoirError):
    """A rule says no. `code` names the text shown to the person, `details` fills its blanks."""

    code: str
    details: dict[str, str | int] | None = None

    def __str__(self) -> str:
        return f"refused: {self.code} {self.details or ''}".strip()


class NotAllowed(Refused):
    """The person's roles do not include what was asked."""


class NotFound(Refused):
    """What was named does not exist, or not for this person."""


class Unreachable(Permanent):
    """Telegram refuses to deliver to this person: they blocked the bot, or do not exist any more."""


class ChannelGone(Permanent):
    """A channel does not exist any more, or the bot is no longer in it."""


@dataclass
class RightsMissing(Permanent):
    """The bot lacks rights in a channel; `rights` names them as `core.ports.NEEDED_RIGHTS` does."""

    rights: tuple[str, ...]

    def __str__(self) -> str:
        return f"the bot lacks rights in the channel: {', '.join(self.rights)}"


class StoreUnavailable(ComptoirError):
    """The object store did not answer, or answered with a fault of its own; worth another try."""


class ProviderUnavailable(ComptoirError):
    """A payment provider did not answer, or answered with a fault of its own; worth another try."""


class Explained(Refused):
    """A refusal with facts for machines beside the words for people; they join the problem document."""

    def __init__(self, code: str, details: dict[str, str | int] | None = None, **facts: object) -> None:
        super().__init__(code, details)
        self.facts = facts
