"""The one way in which tests wait: for a condition, with a deadline."""

import threading
import time
from collections.abc import Callable

from scripts.embedded.process import next_look

LOOK = threading.Event()  # never set: a wait for it is a pause that no test can cut or patch


def wait_until(
    condition: Callable[[], object], seconds: float = 120, complaint: str = "waited in vain"
) -> None:
    """Return once the condition holds. Raises `AssertionError` with the complaint after so many seconds.

    Wait for what the test itself began (its own row, link or message), never for a count that others raise.
    """
    start = time.monotonic()
    while not condition():
        waited = time.monotonic() - start
        assert waited < seconds, f"{complaint} ({seconds:g} s)"
        LOOK.wait(next_look(waited))
