"""Traces and errors, sent by a process of its own to receivers on loopback."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from core.process.tracing import trace_id

REFERENCE = "0123456789ab"
SECRET = "secret-of-the-store-in-the-tests"
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


class Receiver(ThreadingHTTPServer):
    """Keeps what is posted to it: (path, body)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[tuple[str, bytes]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        # gzip or brotli, whichever the sender has: httpx undoes both.
        packed = {"content-encoding": self.headers.get("content-encoding", "identity")}
        self.server.posted.append((self.path, httpx.Response(200, headers=packed, content=body).content))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(**settings: str) -> str:
    given = {"DATABASE_URL": "postgresql://db/shop", "REDIS_URL": "redis://redis/0", "S3_SECRET_KEY": SECRET}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env=given | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


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
