"""Imported first by each server: keeps out what others import where it is installed, and no server uses.

A name that is None cannot be imported (https://docs.python.org/3/reference/import.html#the-module-cache);
whoever has imported it already keeps it.
"""

import os
import sys
from collections.abc import Iterable

# structlog imports rich for tracebacks that would show local variables, secrets among them; ours are plain.
# Each process would hold 3 MiB for it.
sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
# redis imports OpenTelemetry for measurements of its own, which nobody reads: 2 MiB. Our traces need it.
if not (os.environ.get("OTLP_ENDPOINT") or os.environ.get("OTLP_ENDPOINT_FILE")):
    sys.modules.setdefault("opentelemetry", None)  # type: ignore[arg-type]


_displaced: list[object] = []


def keep_out(packages: Iterable[str]) -> None:
    """Let none of these packages be imported from now on, also where somebody imported it already.

    What was imported stays in memory as it is: taking it apart would write to pages that others share.
    """
    for name in packages:
        _displaced.append(sys.modules.get(name))
        sys.modules[name] = None  # type: ignore[assignment]
