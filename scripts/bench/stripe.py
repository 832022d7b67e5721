"""What a sale by card takes: events acknowledged, a seller's other business ignored, the message sent, and
access ended in time.

The loopback Stripe runs in a process of its own and sends its own webhooks where people wait for a message;
where the acknowledgement is measured, the events are made beforehand and sent at a fixed pace.
"""

from itertools import chain
from urllib.parse import urlencode

from core.people.people import set_role
from schemas.contracts import TELEGRAM
from scripts.bench import card_endings
from scripts.bench.card_sales import CardStack, card_stack, stranger
from scripts.bench.load import Answer, Request, load
from scripts.bench.report import Report, fdatasync_milliseconds, percentile
from scripts.bench.running_stack import MIB, links_in
from scripts.bench.sampler import weigh
from scripts.embedded.process import wait_until
from scripts.sandbox.telegram.driver import Person

EVENTS, RATE = 1000, 200  # of ours, and as many of the seller's other business; a second, all together
MESSAGES, MESSAGE_RATE = 200, 5
SETTLING = 300.0  # seconds
NO_EVENTS = 1_000_000_000
AT_REST, GROWTH = 60, 10  # MiB of the API, proportional
ROWS = "SELECT count(*) FROM payment_event WHERE provider = 'stripe'"
JOBS = "SELECT count(*) FROM job WHERE actor = 'handle_payment_event'"
UNCLEAR = "SELECT count(*) FROM purchase WHERE needs_support_at IS NOT NULL"


def measure(count: int = EVENTS) -> Report:
    """Run the benchmark on a shop of its own, with `count` events of ours and of the seller's others."""
    report = Report("stripe")
    with card_stack() as cards:
        report.facts["fdatasync_ms"] = round(fdatasync_milliseconds(cards.shop.stack.var), 3)
        staff = _hire(cards)
        cards.shop.warm()
        _rest(cards)
        before = weigh(cards.shop.stack)["api"].pss / MIB
        _acknowledge(cards, report, count, staff)
        _rest(cards)
        grown = weigh(cards.shop.stack)["api"].pss / MIB - before
        report.at_most("api, proportional at rest", AT_REST, before, "MiB")
        report.at_most("api, proportional growth by the events", GROWTH, grown, "MiB")
        _tell_buyers(cards, report, min(count, MESSAGES))
        card_endings.measure(cards, report)
    return report


def _acknowledge(cards: CardStack, report: Report, count: int, staff: Person) -> None:
    cards.stripe.ask("break_things", lose=NO_EVENTS)
    pages = cards.order(count)
    for page in pages.values():
        cards.stripe.ask("pays", session=page)
    own = cards.completed(list(pages.values()))
    cards.stripe.ask("break_things", lose=0)
    _rest(cards)
    alerts = len(staff.chat)
    # Every other one looks like one of ours; the others are of types that nothing is done about.
    foreign = [
        stranger(event, number)
        if number % 2
        else event | {"id": f"evt_noise{number}", "type": "charge.updated"}
        for number, event in enumerate(own)
    ]
    sent = [cards.webhook(event) for event in chain.from_iterable(zip(own, foreign, strict=True))]
    answers = load(cards.shop.stack.url, sent, RATE)
    report.equal("events acknowledged", len(sent), sum(answer.http_status == 200 for answer in answers))
    waits = [answer.milliseconds for answer in answers]
    report.at_most(f"webhook acknowledged, p95 at {RATE}/s", 10, percentile(waits, 0.95), "ms")
    report.facts["webhook_acknowledged_ms"] = _figures(waits)
    report.equal(f"rows of {count} foreign events", 0, cards.count(ROWS) - count)
    wait_until(lambda: cards.shop.statuses().get("paid", 0) == count, SETTLING, "not all orders were paid")
    report.equal("orders paid by the others", count, cards.shop.statuses()["paid"])
    _rest(cards)
    report.equal("jobs about events", count, cards.count(JOBS))
    report.equal(
        "alerts to staff, and orders for support", 0, len(staff.chat) - alerts + cards.count(UNCLEAR)
    )


def _tell_buyers(cards: CardStack, report: Report, count: int) -> None:
    """The buyer presses Pay on Stripe's page; Stripe tells us as it does."""
    buyers = cards.shop.crowd(count)
    pages = cards.order_for(buyers)
    _rest(cards)
    press = urlencode({"act": "ok"})
    form = {"content-type": "application/x-www-form-urlencoded"}
    presses = [Request("POST", f"/pay/{pages[order]}", form, press) for order in sorted(pages)]
    answers = load(cards.stripe.url, presses, MESSAGE_RATE, warming=Request("GET", "/"))
    cards.shop.wait_delivered(buyers, SETTLING)
    waits = [_wait_of(buyer, answer) for buyer, answer in zip(buyers, answers, strict=True)]
    report.at_most("payment to the message in the chat, p95", 300, percentile(waits, 0.95), "ms")
    report.facts["payment_to_message_ms"] = _figures(waits)
    seen = [cards.told_at(order) - answer.due for order, answer in zip(sorted(pages), answers, strict=True)]
    report.facts["of_that_until_the_event_ms"] = _figures([seconds * 1000 for seconds in seen])
    twice = sum(len([message for message in buyer.chat if links_in(message)]) != 1 for buyer in buyers)
    report.equal(f"of {count} buyers, those without exactly one message", 0, twice)


def _hire(cards: CardStack) -> Person:
    """An admin, who would be told of what is wrong."""
    (staff,) = cards.shop.crowd(1)
    with cards.shop.database.transaction() as session:
        set_role(session, staff.id, "admin", actor="bench")
    return staff


def _wait_of(buyer: Person, answer: Answer) -> float:
    message = next(message for message in buyer.chat if links_in(message))
    return (message.at - answer.due) * 1000


def _rest(cards: CardStack) -> None:
    wait_until(
        lambda: cards.shop.busy("interactive", *TELEGRAM) == 0, SETTLING, "the workers have not come to rest"
    )


def _figures(waits: list[float]) -> dict[str, float]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: round(percentile(waits, share), 1) for name, share in shares.items()}
