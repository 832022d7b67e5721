"""Imported first by each server: keeps out what others import where it is installed, and no server uses."""

import sys

# structlog imports rich for tracebacks that would show local variables, secrets among them; ours are plain.
# Each process would hold 4 MiB for it. A name that is None cannot be imported:
# https://docs.python.org/3/reference/import.html#the-module-cache
sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
