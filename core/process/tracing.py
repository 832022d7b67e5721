"""Traces by OpenTelemetry and errors by Sentry, where OTLP_ENDPOINT or SENTRY_DSN ask for them.

The packages are the extra `observe` and are imported only then. All spans of one correlation id are one
trace, whatever process they are of: its trace id comes of that id, so nothing travels with the jobs.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec
from typing import Any

from core.kit.correlation import correlation
from core.kit.errors import SettingError
from core.process.logs import Redactor, secrets_of
from core.process.settings import Settings

SAMPLED = 1  # https://www.w3.org/TR/trace-context/#sampled-flag
MISSING = "{} is set, and the packages it needs are not installed. Run: uv pip install 'comptoir[observe]'."
FLUSH = 2.0  # seconds that a process which ends gives what it has not sent
SENDER = "sentry-sdk.BackgroundWorker"  # the thread by which Sentry's package sends
OF_TRACES = ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk._shared_internal")
"""The loggers that tell of spans which were not taken."""
PAUSE = 600.0  # seconds between two lines of one such logger: a receiver that is away must not fill the log


class _Configured:
    """What this process reports to; a fork needs its own, so it is configured in the child."""

    tracer: Any = None
    provider: Any = None
    sentry: Any = None
    redactor = Redactor([])


def check_reports(settings: Settings) -> None:
    """Raise `SettingError` when a package is missing that OTLP_ENDPOINT or SENTRY_DSN need; imports nothing.

    For a parent, whose children would each die of it.
    """
    for variable, wanted, package in (
        ("OTLP_ENDPOINT", settings.otlp_endpoint, "opentelemetry.exporter.otlp.proto.http"),
        ("SENTRY_DSN", settings.sentry_dsn, "sentry_sdk"),
    ):
        if wanted and not _installed(package):
            raise SettingError(MISSING.format(variable))


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except (ModuleNotFoundError, ValueError):  # ValueError: an import guard holds the name
        return False


def configure_reports(settings: Settings, *, process: str) -> None:
    """Begin to report what this process does, as far as the settings ask for it.

    Raises `SettingError` when a package is missing.
    """
    _Configured.redactor = Redactor(secrets_of(settings))
    if settings.otlp_endpoint:
        _configure_traces(settings, process)
    if settings.sentry_dsn:
        _configure_errors(settings, process)


def end_reports() -> None:
    """Send what waits, for two seconds at most: who stops the process waits for no receiver."""
    until = time.monotonic() + FLUSH
    # The package's own limits are 30 seconds, and for what is under way none.
    ending = threading.Thread(target=_end_traces, daemon=True)
    ending.start()
    if _Configured.sentry is not None:
        _Configured.sentry.flush(FLUSH)
    ending.join(max(until - time.monotonic(), 0))


def _end_traces() -> None:
    if _Configured.provider is not None:
        _Configured.provider.shutdown()


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator[None]:
    """What happens inside is a step of the trace of the correlation id in force."""
    if _Configured.tracer is None:
        yield
        return
    with _Configured.tracer.start_as_current_span(name, context=_parent(), attributes=attributes):
        yield


def report(error: BaseException, **facts: str) -> None:
    """Tell Sentry of an error that somebody must look at."""
    if _Configured.sentry is not None:
        with _Configured.sentry.new_scope() as scope:
            scope.set_tags({"correlation_id": correlation.get(), **facts})
            scope.capture_exception(error)


def trace_id(reference: str) -> int:
    """The 128 bits of a trace (https://www.w3.org/TR/trace-context/#trace-id) of a correlation id."""
    return int.from_bytes(sha256(reference.encode()).digest()[:16], "big")


def _parent() -> Any:
    """The span that this one is inside of, or else the correlation id, as if it were a span elsewhere."""
    from opentelemetry import trace

    reference = correlation.get()
    inside = trace.get_current_span().get_span_context()
    if inside.is_valid or not reference:
        return None
    number = trace_id(reference)
    root = trace.SpanContext(
        number, number % 2**64 or 1, is_remote=True, trace_flags=trace.TraceFlags(SAMPLED)
    )
    return trace.set_span_in_context(trace.NonRecordingSpan(root))


class _Seldom(logging.Filter):
    """Lets one record through and no other for `PAUSE`, of this thread alone where one is named."""

    def __init__(self, thread: str | None = None) -> None:
        super().__init__()
        self._thread = thread
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if self._thread and record.threadName != self._thread:
            return True
        if record.created < self._next:
            return False
        self._next = record.created + PAUSE
        return True


def _configure_traces(settings: Settings, process: str) -> None:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise SettingError(MISSING.format("OTLP_ENDPOINT")) from None
    resource = Resource.create(
        {"service.name": f"comptoir-{process}", "deployment.environment": settings.env}
    )
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    for name in OF_TRACES:
        logging.getLogger(name).addFilter(_Seldom())
    _Configured.provider, _Configured.tracer = provider, provider.get_tracer("comptoir")


def _configure_errors(settings: Settings, process: str) -> None:
    try:
        import sentry_sdk
        from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger
    except ImportError:
        raise SettingError(MISSING.format("SENTRY_DSN")) from None
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        environment=settings.env,
        server_name=process,
        # Errors of the log and what `report` is given: no bodies, no local variables, nobody's name.
        default_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        include_local_variables=False,
        max_breadcrumbs=0,
        before_send=_without_secrets,
    )
    for name in OF_TRACES:
        ignore_logger(name)
    logging.getLogger("urllib3.connectionpool").addFilter(_Seldom(SENDER))
    _Configured.sentry = sentry_sdk


def _without_secrets(event: Any, hint: Any) -> Any:
    event.setdefault("tags", {}).setdefault("correlation_id", correlation.get())
    return _Configured.redactor.clean(event)
