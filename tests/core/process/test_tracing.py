"""Traces and errors, sent by a process of its own to receivers on loopback."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import httpx
import pytest
import sentry_sdk
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from core.kit.correlation import correlation
from core.kit.errors import SettingError
from core.process import tracing
from core.process.logs import Redactor
from core.process.settings import Settings
from core.process.tracing import trace_id
from tests.support.reports import SENT_TO_NOBODY, sent_to

REFERENCE = "0123456789ab"
SECRET = "secret-of-the-store-in-the-tests"
SPANS = 2000  # four posts
PROGRAM = f"""
import logging, os, sys
from core.kit.correlation import correlation
from core.process.logs import configure_logs
from core.process.settings import Settings
from core.process.tracing import configure_reports, end_reports, report, span

settings = Settings.from_environment(os.environ)
configure_logs(settings, process="delivery")
configure_reports(settings, process="delivery")
correlation.set("{REFERENCE}")
with span("deliver", job="7"):
    with span("telegram send", part="text"):
        pass
with span("notify"):
    pass
try:
    raise ValueError("the key {SECRET} was refused")
except ValueError as error:
    report(error, actor="deliver")
logging.getLogger("workers").error("the store is away: %s", "{SECRET}")
logging.getLogger("workers").warning("of no concern to Sentry")
end_reports()
print(any(name.split(".")[0] in ("opentelemetry", "sentry_sdk") for name in sys.modules))
"""


FLOOD = f"""
import logging, os
from core.process.logs import configure_logs
from core.process.settings import Settings
from core.process.tracing import configure_reports, end_reports, report, span

settings = Settings.from_environment(os.environ)
configure_logs(settings, process="delivery")
configure_reports(settings, process="delivery")
for number in range({SPANS}):
    with span("deliver", job=number):
        pass
for number in range(50):
    report(ValueError("refused"), actor="deliver")
end_reports()
"""


class Receiver(ThreadingHTTPServer):
    """Keeps what is posted to it: (path, body). `silent` ones take it and say nothing until they end."""

    daemon_threads = True
    request_queue_size = 200

    def __init__(self, *, silent: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[tuple[str, bytes]] = []
        self.ended = Event()
        if not silent:
            self.ended.set()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        # gzip or brotli, whichever the sender has: httpx undoes both.
        packed = {"content-encoding": self.headers.get("content-encoding", "identity")}
        self.server.posted.append((self.path, httpx.Response(200, headers=packed, content=body).content))
        self.server.ended.wait()
        with suppress(OSError):  # the sender may have gone
            self._answer()

    def _answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def receiving(*, silent: bool = False) -> Iterator[Receiver]:
    with Receiver(silent=silent) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def ended(program: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The program, once it has ended well."""
    given = {"DATABASE_URL": "postgresql://db/shop", "REDIS_URL": "redis://redis/0", "S3_SECRET_KEY": SECRET}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=given | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def run(**settings: str) -> str:
    return ended(PROGRAM, **settings).stdout.strip()


def test_nothing_is_loaded_where_nothing_is_asked_for() -> None:
    assert run() == "False"


def test_spans_of_one_correlation_id_are_one_trace(receiver: Receiver) -> None:
    run(OTLP_ENDPOINT=f"http://127.0.0.1:{receiver.server_port}")

    assert {path for path, _ in receiver.posted} == {"/v1/traces"}
    sent = [ExportTraceServiceRequest.FromString(body) for _, body in receiver.posted]
    resources = [resource for request in sent for resource in request.resource_spans]
    spans = {span.name: span for r in resources for scope in r.scope_spans for span in scope.spans}
    assert set(spans) == {"deliver", "telegram send", "notify"}
    assert {span.trace_id for span in spans.values()} == {trace_id(REFERENCE).to_bytes(16, "big")}
    assert spans["telegram send"].parent_span_id == spans["deliver"].span_id
    assert spans["notify"].parent_span_id == spans["deliver"].parent_span_id
    names = {a.key: a.value.string_value for r in resources for a in r.resource.attributes}
    assert names["service.name"] == "comptoir-delivery"


def test_errors_reach_sentry_with_their_correlation_id_and_without_secrets(receiver: Receiver) -> None:
    run(SENTRY_DSN=f"http://public@127.0.0.1:{receiver.server_port}/1")

    assert {path for path, _ in receiver.posted} == {"/api/1/envelope/"}
    lines = [line for _, body in receiver.posted for line in body.splitlines()]
    events = [item for item in map(json.loads, lines) if "event_id" in item and "level" in item]
    assert len(events) == 2
    assert {event["tags"]["correlation_id"] for event in events} == {REFERENCE}
    assert {event["server_name"] for event in events} == {"delivery"}
    caught = next(event for event in events if "exception" in event)
    assert caught["tags"]["actor"] == "deliver"
    assert caught["exception"]["values"][0]["value"] == "the key [hidden] was refused"
    assert SECRET.encode() not in b"".join(body for _, body in receiver.posted)


def test_a_receiver_that_is_away_stops_nothing_and_is_told_in_a_few_lines() -> None:
    lines = [json.loads(line) for line in ended(FLOOD, **SENT_TO_NOBODY).stderr.splitlines()]

    told = [line["logger"] for line in lines]
    assert sorted(told) == sorted(set(told)), "one line of each that reports"
    assert {line["level"] for line in lines} <= {"warning", "error"}
    assert any("Connection refused" in line["event"] for line in lines)


def test_a_receiver_that_says_nothing_is_not_waited_for() -> None:
    with receiving(silent=True) as server:
        ended(FLOOD, **sent_to(server.server_port))

        spans = [path for path, _ in server.posted if path == "/v1/traces"]
    assert 1 <= len(spans) <= 2, "the others were tried although the first had no answer"


def test_what_fails_to_report_is_no_report_itself() -> None:
    with receiving() as server:
        ended(PROGRAM, **SENT_TO_NOBODY | {"SENTRY_DSN": sent_to(server.server_port)["SENTRY_DSN"]})

    bodies = b"".join(body for _, body in server.posted)
    assert b"the store is away" in bodies
    assert b"spans batch" not in bodies


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """This process traces into memory."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing._Configured, "provider", provider)
    monkeypatch.setattr(tracing._Configured, "tracer", provider.get_tracer("test"))
    return exporter


def test_steps_of_one_reference_are_one_trace_and_a_step_inside_is_its_child(
    exported: InMemorySpanExporter,
) -> None:
    token = correlation.set(REFERENCE)
    try:
        with tracing.span("deliver", job="7"), tracing.span("send"):
            pass
    finally:
        correlation.reset(token)
    token = correlation.set("")
    try:
        with tracing.span("of no reference"):
            pass
    finally:
        correlation.reset(token)
    inner, outer, alone = exported.get_finished_spans()
    assert {inner.context.trace_id, outer.context.trace_id} == {trace_id(REFERENCE)}
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id
    assert alone.context.trace_id != trace_id(REFERENCE)
    assert dict(outer.attributes or {}) == {"job": "7"}
    tracing.end_reports()
    with tracing.span("after the end"):
        pass
    assert len(exported.get_finished_spans()) == 3


def test_where_nothing_is_asked_for_nothing_is_done() -> None:
    with tracing.span("deliver"):
        tracing.report(ValueError("refused"))
    tracing.end_reports()


def test_an_error_is_told_with_its_reference_and_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    class Kept(sentry_sdk.transport.Transport):
        """What would be sent."""

        def capture_envelope(self, envelope: sentry_sdk.envelope.Envelope) -> None:
            sent.append(envelope.get_event())

    sent: list[Any] = []
    monkeypatch.setattr(tracing._Configured, "redactor", Redactor([SECRET]))
    monkeypatch.setattr(tracing._Configured, "sentry", sentry_sdk)
    client = sentry_sdk.Client(
        dsn="http://public@127.0.0.1:1/1",
        transport=Kept,
        default_integrations=False,
        before_send=tracing._without_secrets,
    )
    token = correlation.set(REFERENCE)
    try:
        with sentry_sdk.new_scope() as scope:
            scope.set_client(client)
            tracing.report(ValueError(f"the key {SECRET} was refused"), actor="deliver")
            tracing.end_reports()
    finally:
        correlation.reset(token)
    [event] = sent
    assert event["exception"]["values"][0]["value"] == "the key [hidden] was refused"
    assert event["tags"] == {"correlation_id": REFERENCE, "actor": "deliver"}


@pytest.mark.parametrize(
    ("variable", "package"),
    [
        ("OTLP_ENDPOINT", "opentelemetry.exporter.otlp.proto.http.trace_exporter"),
        ("SENTRY_DSN", "sentry_sdk.integrations.logging"),
    ],
)
def test_a_process_without_the_package_of_a_report_does_not_start(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, variable: str, package: str
) -> None:
    monkeypatch.setattr(tracing._Configured, "redactor", Redactor([]))
    monkeypatch.setitem(sys.modules, package, None)  # as Python does for what cannot be imported
    tracing.configure_reports(settings(), process="api")
    wanted = settings(**{variable.lower(): "http://key@127.0.0.1:1/7"})
    with pytest.raises(SettingError, match=variable):
        tracing.configure_reports(wanted, process="api")


@pytest.mark.parametrize("variable", ["OTLP_ENDPOINT", "SENTRY_DSN"])
@pytest.mark.parametrize("guarded", [True, False])
def test_a_report_without_its_package_is_a_setting_that_cannot_be(
    settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    guarded: bool,
) -> None:
    wanted = settings(**{variable.lower(): "http://key@127.0.0.1:1/7"})
    tracing.check_reports(settings())
    tracing.check_reports(wanted)

    def look(name: str) -> None:
        if guarded:  # as find_spec does for a name that an import guard holds
            raise ValueError(f"{name}.__spec__ is None")

    monkeypatch.setattr(tracing, "find_spec", look)
    with pytest.raises(SettingError, match=variable):
        tracing.check_reports(wanted)


def test_a_receiver_that_is_away_has_one_line_in_ten_minutes_of_its_own_thread() -> None:
    def record(at: float, thread: str = "sender") -> logging.LogRecord:
        made = logging.LogRecord("export", logging.ERROR, __file__, 1, "away", None, None)
        made.created, made.threadName = at, thread
        return made

    seldom = tracing._Seldom("sender")
    assert [seldom.filter(record(at)) for at in (0.0, 1.0, tracing.PAUSE - 1, tracing.PAUSE)] == [
        True,
        False,
        False,
        True,
    ]
    assert seldom.filter(record(tracing.PAUSE + 1, "another"))
