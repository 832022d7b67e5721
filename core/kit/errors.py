"""Errors, one class per decision: retry, give up, tell the person."""

import re
from dataclasses import dataclass

# What PostgreSQL's messages quote of rows and parameters
# (https://www.postgresql.org/docs/current/error-style-guide.html: primary, detail and context).
QUOTED = re.compile(
    r"(?P<line>\b(?:DETAIL|CONTEXT):).*?"
    r"(?=\n(?:HINT:|LINE \d|QUERY:|\[SQL|\(Background|\nThe above|\nDuring)|\Z)"
    r"|(?P<start>\b(?:invalid input (?:syntax|value) for [^:\n]*:|malformed [^:\n]*:|value"
    r'|invalid [^:\n]* (?:value|format):|date/time field value out of range:)) ".*?"(?=\s|\Z)',
    re.DOTALL,
)


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
class DoorShut(Permanent):
    """Telegram refuses to let somebody into a channel; `code` is its name for that."""

    code: str

    def __str__(self) -> str:
        return f"Telegram does not let this person in ({self.code})"


@dataclass
class RightsMissing(Permanent):
    """The bot lacks rights in a channel; `rights` names them as `core.ports.NEEDED_RIGHTS` does."""

    rights: tuple[str, ...]

    def __str__(self) -> str:
        return f"the bot lacks rights in the channel: {', '.join(self.rights)}"


class ServerAway(ComptoirError):
    """A server that we need did not answer, or answered with a fault of its own; worth another try.

    It may be away for a day: a job that fails so is tried as long, whatever its own patience is.
    """


class StoreUnavailable(ServerAway):
    """The object store did not answer, or answered with a fault of its own."""


class ProviderUnavailable(ServerAway):
    """A payment provider did not answer, or answered with a fault of its own."""


class Explained(Refused):
    """A refusal with facts for machines beside the words for people; they join the problem document."""

    def __init__(self, code: str, details: dict[str, str | int] | None = None, **facts: object) -> None:
        super().__init__(code, details)
        self.facts = facts


def without_values(text: str) -> str:
    """The text of an error, its traceback too, without what PostgreSQL quotes of rows and parameters."""
    return QUOTED.sub(lambda match: f"{match['line'] or match['start']} [hidden]", text)
