"""Logs of every process: one event a line, with its correlation id and without secrets.

structlog and the standard library's loggers come out alike: JSON for machines, or a readable line.
"""

import dataclasses
import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

from core.kit.correlation import correlation
from core.kit.errors import without_values
from core.process.settings import Settings

HIDDEN = "[hidden]"
SHORTEST_SECRET = 8  # characters; hiding shorter values would hide ordinary words

# What must not be read in a log even where it was not known as a setting: tokens of links, order pages,
# letters, claims and staff, bot tokens, passwords in addresses, and the signed part of a store URL.
SENSITIVE = re.compile(
    r"(?P<page>/(?:[dop]|mail/confirm|mail/stop)/)(?P<token>[A-Za-z0-9_-]{43})"
    r"|\b(?:cmt_|c)[A-Za-z0-9_-]{43}\b"
    r"|\b[0-9]{6,12}:[A-Za-z0-9_-]{30,}"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"
    r"|(?<=X-Amz-Signature=)[0-9a-fA-F]+"
)


def configure_logs(settings: Settings, *, process: str) -> None:
    """Send all logs of this process to standard error, in the form that the settings ask for."""
    # Foreign loggers (uvicorn, pyrogram, dramatiq) pass through the same steps by way of `stdlib`.
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Stamp(process),
        structlog.processors.format_exc_info,
        Redactor(secrets_of(settings)),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter
    handler.setFormatter(
        formatter(
            foreign_pre_chain=shared, processors=[formatter.remove_processors_meta, _renderer(settings)]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())


def secrets_of(settings: Settings) -> list[str]:
    """The values of all secret settings that are long enough to be looked for in a log."""
    fields = (field for field in dataclasses.fields(settings) if field.metadata["secret"])
    values = (str(getattr(settings, field.name) or "") for field in fields)
    return [secret for secret in values if len(secret) >= SHORTEST_SECRET]


class Redactor:
    """Hides secrets wherever they appear in an event: known values, and what looks like a token."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._known = sorted(secrets, key=len, reverse=True)

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A structlog processor."""
        return {name: value if name.startswith("_") else self.clean(value) for name, value in event.items()}

    def clean(self, value: Any) -> Any:
        """The value without secrets; what is neither text nor a plain container is written as text."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, dict):
            return {name: self.clean(part) for name, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.clean(part) for part in value]
        return self._clean_text(str(value))

    def _clean_text(self, text: str) -> str:
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        text = without_values(text)
        return SENSITIVE.sub(lambda match: f"{match['page'] or ''}{HIDDEN}", text)


class _Stamp:
    """Adds which process speaks, and what work it belongs to."""

    def __init__(self, process: str) -> None:
        self._process = process

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["process"] = self._process
        if correlation.get():
            event.setdefault("correlation_id", correlation.get())
        return event


def _renderer(settings: Settings) -> structlog.typing.Processor:
    if settings.log_format == "console":
        # A plain traceback: the pretty one would print local variables, secrets among them.
        plain = structlog.dev.plain_traceback
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    return structlog.processors.JSONRenderer(ensure_ascii=False)
