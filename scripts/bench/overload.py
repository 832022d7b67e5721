"""The API under more than it can do: twice its rate, slow clients, idle connections, forged notices."""

import json
import time
from collections.abc import Sequence
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from scripts.bench.load import Answer, Request, load
from scripts.bench.report import Report, percentile
from scripts.bench.running_stack import MIB, UNHURRIED, RunningStack, running_stack
from scripts.bench.slow_connections import connection_limit, slow_connections
from scripts.embedded.memory import memory_of
from scripts.sandbox.nowpayments.notices import Sender

MINUTES = 10.0
COUNT = 10_000  # idle connections
SLOW = 200  # clients that send a byte a second, of each kind
FIRST_RATE, STEP, LAST_RATE = 100, 1.25, 4000  # requests a second that are tried
HOLDS = 250.0  # milliseconds: the p95 of a rate that it can hold
TRIAL = 3.0  # seconds at one rate
STORM = 10.0  # seconds at twice the rate that it can hold
CALM_RATE, CALM = 50, 100.0  # requests a second and the milliseconds of their p95, when nothing is wrong
BREATH = 2.0  # seconds after the storm
WORST = 1000.0  # milliseconds that a request which is served in the storm may take
ROUND = 500  # examples of noise between two looks at the clock
SLUG = text("SELECT slug FROM product WHERE id = :product")

NOISE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    *("payment_id", "parent_payment_id", "invoice_id", "payment_status", "price_amount", "price_currency"),
    *(
        "pay_amount",
        "actually_paid",
        "actually_paid_at_fiat",
        "pay_currency",
        "order_id",
        "updated_at",
        "fee",
    ),
)
STATUSES = ("waiting", "confirming", "sending", "finished", "partially_paid", "failed", "refunded", "expired")
LIKELY = st.sampled_from(STATUSES) | st.sampled_from(
    ["CMT-000001", "CMT-1", "eur", "9.99", 9.99, -1, 0, 1e308]
)
NOTICES = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=12), LIKELY | NOISE, max_size=14)


def measure(count: int = COUNT, minutes: float = MINUTES, pool: int | None = None) -> Report:
    """Run all of it, with `count` idle connections and so many minutes of noise.

    `pool`: each process has exactly so many connections to PostgreSQL; None: as by default.
    """
    report = Report("overload")
    connections = {"DATABASE_POOL": str(pool), "DATABASE_OVERFLOW": "0"} if pool else {}
    report.facts["database_pool"] = pool or "default"
    with running_stack({**UNHURRIED, **connections}, size=MIB) as system:
        system.warm()
        with system.database.engine.connect() as connection:
            slug = connection.execute(SLUG, {"product": system.product_id}).scalar_one()
        visit = Request("GET", f"/p/{slug}")
        storm(report, system, visit)
        slow_clients(report, system, visit, count)
        noise(report, system, minutes)
        _calm(report, system, visit, "at the end")
    return report


def storm(report: Report, system: RunningStack, visit: Request) -> None:
    """Send twice the rate that the API can serve, then see how it serves afterwards."""
    rate = _capacity(system, visit)
    report.facts["requests_a_second_it_can_hold"] = round(rate)
    answers = load(system.stack.url, [visit] * int(2 * rate * STORM), 2 * rate)
    served = [answer for answer in answers if answer.http_status == 200]
    shed = [answer for answer in answers if answer.http_status == 503]
    report.facts["storm"] = {"served": len(served), "shed": len(shed)}
    report.equal("storm: neither served nor shed", 0, len(answers) - len(served) - len(shed))
    report.at_least("storm: shed", 1, len(shed), "")
    report.equal("storm: shed without Retry-After", 0, sum(not answer.retry_after for answer in shed))
    report.at_least("storm: served, of what it can hold", 0.5, len(served) / (rate * STORM), "")
    waits = [answer.milliseconds for answer in served]
    report.at_most("storm: what is served, p95", WORST, percentile(waits, 0.95), "ms")
    time.sleep(BREATH)
    _calm(report, system, visit, f"{BREATH:g} s after the storm")


def slow_clients(report: Report, system: RunningStack, visit: Request, count: int) -> None:
    """Check that others are served while clients are slow, or connected in thousands and silent."""
    for kind, words in (("head", "requests that come slowly"), ("body", "bodies that come slowly")):
        with slow_connections(system.stack.url, kind, SLOW):
            _calm(report, system, visit, f"beside {SLOW} {words}")
    connections = min(count, connection_limit())
    before = memory_of(system.stack.pids("api")).rss
    with slow_connections(system.stack.url, "idle", connections):
        _calm(report, system, visit, f"beside {connections} idle connections")
        grown = memory_of(system.stack.pids("api")).rss - before
        report.facts["kib_of_an_idle_connection"] = round(grown / 1024 / connections, 1)


def noise(report: Report, system: RunningStack, minutes: float) -> None:
    """Send random payment notices, half of them properly signed: each has to get an answer below 500."""
    sender = Sender(system.stack.settings.nowpayments_ipn_secret)
    answers: dict[int, int] = {}
    bad: list[str] = []
    until = time.monotonic() + minutes * 60
    with httpx.Client(trust_env=False, base_url=system.stack.url) as client:

        @settings(max_examples=ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(fields=NOTICES, raw=st.none() | st.binary(max_size=300), signed=st.booleans())
        def send(fields: dict[str, Any], raw: bytes | None, signed: bool) -> None:
            body, signature = _noisy(sender, fields, raw, signed)
            headers = {"x-nowpayments-sig": signature, "content-type": "application/json"}
            answer = client.post("/webhooks/nowpayments", content=body, headers=headers)
            answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
            if answer.status_code >= 500:
                bad.append(body.decode(errors="replace"))

        while time.monotonic() < until:
            send()
    report.facts["noise_answers"] = dict(sorted(answers.items()))
    report.facts["noise_first_bad"] = bad[:3]
    report.equal(f"of {sum(answers.values())} noisy notices: answered 5xx", 0, len(bad))


def _noisy(sender: Sender, fields: dict[str, Any], raw: bytes | None, signed: bool) -> tuple[bytes, str]:
    if raw is not None:
        return raw, "0" * 128
    try:
        notice = sender.sign("", fields)
    except UnicodeEncodeError:  # lone surrogates, which their JSON would escape
        return json.dumps(fields).encode(), "0" * 128
    return notice.body, notice.signature if signed else "f" * 128


def _capacity(system: RunningStack, visit: Request) -> float:
    """The highest rate whose every request is served, and soon."""
    rate = best = float(FIRST_RATE)
    while rate <= LAST_RATE:
        answers = load(system.stack.url, [visit] * int(rate * TRIAL), rate)
        if not _good(answers, HOLDS):
            break
        best, rate = rate, rate * STEP
    return best


def _calm(report: Report, system: RunningStack, visit: Request, when: str) -> None:
    answers = load(system.stack.url, [visit] * int(CALM_RATE * TRIAL), CALM_RATE)
    report.equal(f"{when}: served of {len(answers)}", len(answers), _served(answers))
    p95 = percentile([answer.milliseconds for answer in answers], 0.95)
    report.at_most(f"{when}: p95 at {CALM_RATE}/s", CALM, p95, "ms")


def _good(answers: Sequence[Answer], limit: float) -> bool:
    waits = [answer.milliseconds for answer in answers]
    return _served(answers) == len(answers) and percentile(waits, 0.95) <= limit


def _served(answers: Sequence[Answer]) -> int:
    return sum(answer.http_status == 200 for answer in answers)
