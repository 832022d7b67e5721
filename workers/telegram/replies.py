"""Turns Telegram's errors into errors of ours (https://core.telegram.org/api/errors)."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyrogram import errors

from core.kit.errors import (
    ChannelGone,
    ComptoirError,
    DoorShut,
    Permanent,
    RetryAfter,
    RightsMissing,
    ServerAway,
    Unreachable,
)

GONE = (
    errors.UserIsBlocked,
    errors.PeerIdInvalid,
    errors.InputUserDeactivated,
    errors.UserIdInvalid,
    errors.UserBlocked,
    errors.Forbidden,
)
# Some of these come with several codes, by method; the names alone are stable.
CHANNEL_GONE = frozenset({"CHANNEL_INVALID", "CHANNEL_PRIVATE", "CHAT_ID_INVALID", "CHAT_INVALID"})
REFUSING = (errors.BadRequest, errors.Forbidden, errors.NotAcceptable)
RIGHTS_MISSING = frozenset(
    {"CHAT_ADMIN_INVITE_REQUIRED", "CHAT_ADMIN_REQUIRED", "CHAT_WRITE_FORBIDDEN", "RIGHT_FORBIDDEN"}
)


class OutcomeUnknown(ServerAway):
    """Telegram may or may not have done it; asking again with the same identity does it once."""


class SessionLost(ComptoirError):
    """Telegram does not accept our session any more; a new login is needed."""


@contextmanager
def telegram_errors() -> Iterator[None]:
    """Turn the client's errors inside the block into ours."""
    try:
        yield
    except errors.FloodWait as error:
        seconds = error.value if isinstance(error.value, int) else 30
        raise RetryAfter(float(seconds), f"Telegram asks for a pause ({error.ID})") from None
    except (errors.RandomIdDuplicate, errors.InternalServerError, errors.ServiceUnavailable) as error:
        raise OutcomeUnknown(f"Telegram did not say how it ended ({error.ID}); it is tried again.") from None
    except GONE as error:
        raise Unreachable(
            f"Telegram does not deliver to this person ({error.ID}): they blocked the bot, never wrote to "
            "it, or left. It works again once they write to the bot."
        ) from None
    except (errors.Unauthorized, errors.AuthKeyDuplicated) as error:
        raise SessionLost(f"Telegram ended our session ({error.ID}); a new login follows.") from None
    except errors.BadRequest as error:
        raise Permanent(f"Telegram refused the request itself: {error}. Look at what was sent.") from None
    except (TimeoutError, OSError) as error:
        raise OutcomeUnknown(
            f"Telegram did not answer in time ({type(error).__name__}); it is tried again."
        ) from None


class ChannelErrors:
    """Turns a refusal inside the block, which needs `rights` in a channel, into ours.

    A refusal that is named `done` says that nothing is left to do, and ends the block. Raises
    `ChannelGone`, `RightsMissing`, `Permanent`; the rest is for `telegram_errors`.
    """

    def __init__(self, *rights: str, done: frozenset[str] = frozenset()) -> None:
        self._rights = rights
        self._done = done

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """True when the refusal means that it is done."""
        if not isinstance(error, errors.RPCError):
            return False
        if error.ID in CHANNEL_GONE:
            raise ChannelGone(
                f"Telegram does not let the bot into the channel ({error.ID}): it was deleted, or the bot "
                "was put out of it. Its owner can add the bot again."
            ) from None
        if error.ID in RIGHTS_MISSING:
            raise RightsMissing(self._rights) from None
        return error.ID in self._done


class DoorErrors(ChannelErrors):
    """The same for letting somebody in: a refusal about the person, or one that nobody knows yet, is
    `DoorShut` by Telegram's own name for it."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """True when the refusal means that it is done."""
        if super().__exit__(kind, error, trace):
            return True
        if isinstance(error, REFUSING):
            raise DoorShut(error.ID or str(error.value)) from None
        return False
