"""What the Telegram client's errors need of us, in bot and workers and on a read-only disk."""

import logging
from typing import Any

from pyrogram.errors import RPCError

log = logging.getLogger(__name__)


def mend_errors() -> None:
    """Give errors their words, and keep those that nobody knows yet in the log. Done once, at an import."""
    _give_errors_words()
    _keep_no_file_of_errors()


def _give_errors_words() -> None:
    """The client's errors take their words from docstrings. Bot and workers run without those (-OO), and an
    error without words raises another in its place: no refusal of Telegram would be known for what it is."""
    errors = RPCError.__subclasses__()
    while errors:
        error = errors.pop()
        errors += error.__subclasses__()
        if not error.MESSAGE:
            error.MESSAGE = f"{{{error.VALUE_NAME}}}" if str(error.ID).endswith("_X") else "refused"


def _keep_no_file_of_errors() -> None:
    """The client appends errors that it does not know to a file in the working folder. On the read-only disk
    of a container that raises another error in their place, so they go into the log."""
    make = RPCError.__init__

    def make_and_log(
        self: RPCError,
        value: Any = None,
        rpc_name: Any = None,
        is_unknown: bool = False,
        is_signed: bool = False,
    ) -> None:
        make(self, value, rpc_name, is_signed=is_signed)
        if is_unknown:
            log.warning("Telegram answered with an error that its client does not know: %s", self)

    RPCError.__init__ = make_and_log  # type: ignore[method-assign]
