"""How long people and providers wait: at rest, and while thousands of deliveries wait their turn."""

from collections.abc import Sequence

import httpx

from core.jobs.ledger import pause, resume
from schemas.contracts import TELEGRAM
from scripts.bench.clicks import clicks
from scripts.bench.load import Answer, load
from scripts.bench.report import Report, fdatasync_milliseconds, percentile
from scripts.bench.running_stack import RunningStack, links_in, running_stack
from scripts.bench.webhooks import order_in_bot, order_on_web
from scripts.embedded.process import wait_until
from scripts.sandbox.telegram.driver import Person

CLICKS, CLICK_RATE = 500, 50
WEBHOOKS, WEBHOOK_RATE = 1000, 200
BUSY_WEBHOOKS, BUSY_WEBHOOK_RATE = 500, 100
MESSAGES, MESSAGE_RATE = 200, 10  # a second; under Telegram's 30 with the seller's among them
WAITING = 5000  # deliveries, at Telegram's own pace
AT_ONCE = 100  # presigns (A12)
PACE = {"TELEGRAM_RATE": "30", "TELEGRAM_CHAT_RATE": "30"}
"""Telegram's own, but for the seller's chat: a thousand notices at one a second would wait for a quarter of
an hour before the next rest."""
SETTLING = 300.0  # seconds


def measure(count: int = WAITING) -> Report:
    """Run the benchmark on a shop of its own, while `count` deliveries wait."""
    report = Report("latency")
    with running_stack(PACE) as system:
        report.facts["fdatasync_ms"] = round(fdatasync_milliseconds(system.stack.var), 3)
        system.warm()
        _at_rest(system, report)
        _while_deliveries_wait(system, report, count)
    return report


def _at_rest(system: RunningStack, report: Report) -> None:
    buyers = system.crowd(MESSAGES)
    notices, paid = order_on_web(system, WEBHOOKS), order_in_bot(system, buyers)
    _rest(system)
    _judge(report, "click to 302, at rest", 10, CLICK_RATE, 302, _click(system, CLICKS, CLICK_RATE))
    _presign_at_once(system, report)
    _rest(system)
    answers = load(system.stack.url, paid, MESSAGE_RATE)
    system.wait_delivered(buyers, SETTLING)
    waits = [_wait_of(buyer, answer) for buyer, answer in zip(buyers, answers, strict=True)]
    report.at_most("webhook to the buyer's message, p95", 150, percentile(waits, 0.95), "ms")
    report.facts["webhook_to_message_ms"] = _figures(waits)
    _rest(system)
    answers = load(system.stack.url, notices, WEBHOOK_RATE)
    _judge(report, "webhook acknowledged, at rest", 10, WEBHOOK_RATE, 200, answers)
    _rest(system)


def _while_deliveries_wait(system: RunningStack, report: Report, waiting: int) -> None:
    notices = order_on_web(system, BUSY_WEBHOOKS)
    buyers = system.crowd(waiting)
    with system.database.transaction() as session:
        pause(session, "delivery", "bench")
    system.sell(buyers)
    with system.database.transaction() as session:
        resume(session, "delivery")
    busy = f"{waiting} deliveries waiting"
    _judge(report, f"click to 302, {busy}", 20, CLICK_RATE, 302, _click(system, CLICKS, CLICK_RATE))
    answers = load(system.stack.url, notices, BUSY_WEBHOOK_RATE)
    _judge(report, f"webhook acknowledged, {busy}", 30, BUSY_WEBHOOK_RATE, 200, answers)
    report.facts["still_waiting_at_the_end"] = system.busy("delivery")


def _presign_at_once(system: RunningStack, report: Report) -> None:
    """A12. Each address is used: the store judges whether it is valid."""
    valid = 0
    with httpx.Client(trust_env=False) as client:
        for answer in _click(system, AT_ONCE, 0):
            got = (
                client.get(answer.location, headers={"range": "bytes=0-0"})
                if answer.http_status == 302
                else None
            )
            valid += got is not None and got.is_success
    report.equal(f"valid among {AT_ONCE} presigns asked at once", AT_ONCE, valid)


def _click(system: RunningStack, count: int, rate: float) -> list[Answer]:
    """Click so many links, each once, after a further one that opens connections and fills caches."""
    first, *measured = clicks(system, count + 1)
    return load(system.stack.url, measured, rate, warming=first)


def _rest(system: RunningStack) -> None:
    """Wait until workers have nothing to do."""

    def at_rest() -> bool:
        return system.busy("interactive", *TELEGRAM) == 0

    wait_until(at_rest, SETTLING, "the workers have not come to rest")


def _wait_of(buyer: Person, answer: Answer) -> float:
    message = next(message for message in buyer.chat if links_in(message))
    return (message.at - answer.due) * 1000


def _judge(
    report: Report, what: str, limit: float, rate: float, status: int, answers: Sequence[Answer]
) -> None:
    report.equal(
        f"{what}: answers {status}", len(answers), sum(answer.http_status == status for answer in answers)
    )
    waits = [answer.milliseconds for answer in answers]
    report.at_most(f"{what}, p95 at {rate:g}/s", limit, percentile(waits, 0.95), "ms")
    report.facts[what] = _figures(waits)


def _figures(waits: list[float]) -> dict[str, float]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: round(percentile(waits, share), 1) for name, share in shares.items()}
