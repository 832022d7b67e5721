"""The counts of one worker process, served to Prometheus on a port of its own.

Each of the three children has its port and its own registry, so no files are shared between processes.
Imported before the fork and only where METRICS_TOKEN and METRICS_PORT are set: it costs 3 MiB, once.
"""

import hmac
import logging
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, make_wsgi_app
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from core.kit.db import Database
from core.monitoring.metrics import Host, pool_families
from core.process.settings import Settings
from workers.instrumentation import Outcome, Reply
from workers.runtime.groups import GROUPS

JOB_BUCKETS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0, 600.0)  # seconds
ANSWER_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5)

log = logging.getLogger(__name__)


class PrometheusMeter:
    """Counts for one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._jobs = Histogram(
            "comptoir_job_seconds",
            "Starts of jobs by what came of them",
            ["actor", "outcome"],
            buckets=JOB_BUCKETS,
            registry=self.registry,
        )
        self._answers = Histogram(
            "comptoir_answer_seconds",
            "Answers to those who wait",
            ["actor"],
            buckets=ANSWER_BUCKETS,
            registry=self.registry,
        )
        self._calls = Counter(
            "comptoir_telegram_calls", "Calls by how they ended", ["reply"], registry=self.registry
        )
        self._messages = Counter(
            "comptoir_telegram_messages", "Messages that Telegram took", registry=self.registry
        )
        self._pauses = Counter(
            "comptoir_telegram_flood_wait_seconds",
            "Pauses asked for, those over a second",
            registry=self.registry,
        )
        self._requests = Counter(
            "comptoir_store_requests", "Requests to the store", ["method", "status"], registry=self.registry
        )
        self._bytes = Counter(
            "comptoir_store_bytes",
            "Bytes sent to the store and received",
            ["direction"],
            registry=self.registry,
        )
        for reply in ("ok", "flood_wait", "refused", "unknown"):
            self._calls.labels(reply)
        for direction in ("sent", "received"):
            self._bytes.labels(direction)
        ProcessCollector(registry=self.registry)
        self.registry.register(Host())

    def job(self, actor: str, outcome: Outcome, seconds: float) -> None:
        """Count one ended start of a job."""
        self._jobs.labels(actor, outcome).observe(seconds)

    def answer(self, actor: str, seconds: float) -> None:
        """Count one answer to a request of the API."""
        self._answers.labels(actor).observe(seconds)

    def telegram(self, reply: Reply, pause: float = 0.0) -> None:
        """Count one ended call to Telegram."""
        self._calls.labels(reply).inc()
        self._pauses.inc(pause)

    def message(self) -> None:
        """Count one message that Telegram took."""
        self._messages.inc()

    def store(self, method: str, status: int, sent: int, received: int) -> None:
        """Count one request to the store."""
        self._requests.labels(method, f"{status // 100}xx").inc()
        self._bytes.labels("sent").inc(sent)
        self._bytes.labels("received").inc(received)

    def watch(self, database: Database) -> None:
        """Show how many of its connections are in use."""
        self.registry.register(_Pool(database))


class _Pool(Collector):
    """The connections of a database, counted anew at each scrape."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterable[Metric]:
        """Those in use, and how many there may be."""
        return pool_families({"sessions": self._database.pool_use()})


class _Server(ThreadingMixIn, WSGIServer):
    """One slow reader does not hold the next one up."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """Not a line of log for each scrape."""

    timeout = 10  # seconds that a reader may be silent

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


class Offer:
    """A server of a meter's figures, on any path, for whoever shows the token; until closed."""

    def __init__(self, meter: PrometheusMeter, host: str, port: int, token: str) -> None:
        app = _guarded(make_wsgi_app(meter.registry), token)
        self._server = make_server(host, port, app, server_class=_Server, handler_class=_Quiet)
        self.port: int = self._server.server_port
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def offer(settings: Settings, group: str, meter: PrometheusMeter) -> Offer | None:
    """Serve the metrics of a group at its port; None, and a logged error, where the port is taken.

    Where one group serves all queues, it is at the first of the ports.
    """
    names = [each.name for each in GROUPS]
    port = settings.metrics_port + (names.index(group) if group in names else 0)
    try:
        return Offer(meter, settings.metrics_host, port, settings.metrics_token)
    except OSError as error:
        log.error("no metrics of %s: port %d: %s; set METRICS_PORT to three free ones", group, port, error)
        return None


def _guarded(app: Callable[..., Iterable[bytes]], token: str) -> Callable[..., Iterable[bytes]]:
    expected = f"Bearer {token}".encode()

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        credentials = str(environ.get("HTTP_AUTHORIZATION", "")).encode()
        if hmac.compare_digest(credentials, expected):
            return app(environ, start_response)
        start_response("401 Unauthorized", [("Content-Type", "text/plain"), ("WWW-Authenticate", "Bearer")])
        return [b"Show METRICS_TOKEN as a bearer token.\n"]

    return guarded
