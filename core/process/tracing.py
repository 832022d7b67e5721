"""Traces by OpenTelemetry and errors by Sentry, where OTLP_ENDPOINT or SENTRY_DSN ask for them.

The packages are the extra `observe` and are imported only then. All spans of one correlation id are one
trace, whatever process they are of: its trace id comes of that id, so nothing travels with the jobs.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from core.kit.correlation import correlation
from core.kit.errors import SettingError
from core.process.logs import Redactor, secrets_of
from core.process.settings import Settings

SAMPLED = 1  # https://www.w3.org/TR/trace-context/#sampled-flag
MISSING = "{} is set, and the packages it needs are not installed. Run: uv pip install 'comptoir[observe]'."
FLUSH = 2000  # milliseconds that a process which ends gives its last spans


class _Configured:
    """What this process reports to; a fork needs its own, so it is configured in the child."""

    tracer: Any = None
    provider: Any = None
    sentry: Any = None
    redactor = Redactor([])


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
    """Send what waits, for two seconds at most."""
    if _Configured.provider is not None:
        _Configured.provider.force_flush(FLUSH)
        _Configured.provider.shutdown()
    if _Configured.sentry is not None:
        _Configured.sentry.flush(FLUSH / 1000)


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
    _Configured.provider, _Configured.tracer = provider, provider.get_tracer("comptoir")


def _configure_errors(settings: Settings, process: str) -> None:
    try:
        import sentry_sdk
        from sentry_sdk.integrations.logging import LoggingIntegration
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
    _Configured.sentry = sentry_sdk


def _without_secrets(event: Any, hint: Any) -> Any:
    event.setdefault("tags", {}).setdefault("correlation_id", correlation.get())
    return _Configured.redactor.clean(event)
