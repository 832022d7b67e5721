"""Telegram's refusals in our words (https://core.telegram.org/api/errors)."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyrogram import errors

from core.errors import ComptoirError, Permanent, RetryAfter, Unreachable

GONE = (
    errors.UserIsBlocked,
    errors.PeerIdInvalid,
    errors.InputUserDeactivated,
    errors.UserIdInvalid,
    errors.UserBlocked,
    errors.Forbidden,
)


class OutcomeUnknown(ComptoirError):
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
