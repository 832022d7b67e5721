"""How long people wait: to be let into a channel, to pay, and for their link after that."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from schemas.base import utc_now
from scripts.bench.members_channel import PaidChannel, pace
from scripts.bench.report import Report, percentile
from scripts.embedded.process import wait_until
from scripts.sandbox.telegram.driver import Person

REQUESTS = 200
WARMING = 8  # buyers
RATE = 10  # a second, of requests; half as many pay
ANSWERED = 500  # milliseconds, the p95 of requests to join
CHECKED = 10_000  # milliseconds that Telegram gives a bot to agree to a payment
PATIENCE = 30.0  # seconds for one answer


@dataclass
class Waits:
    """How long each person waited, in milliseconds; PATIENCE for those who got no answer."""

    joins: list[float] = field(default_factory=list)
    checks: list[float] = field(default_factory=list)
    links: list[float] = field(default_factory=list)


@dataclass
class Visitors:
    """Members who are not in the channel yet, and buyers with their invoices."""

    members: list[Person]
    buyers: list[tuple[Person, str]]


def invite(paid_channel: PaidChannel, count: int) -> Visitors:
    """Prepare so many members and half as many buyers, after a few others who warm the caches."""
    early = paid_channel.system.crowd(WARMING)
    sell(list(zip(early, paid_channel.invoices(early), strict=True)), RATE)
    members = paid_channel.members(count, first=utc_now() + timedelta(days=9), spread=1, inside=False)
    buyers = paid_channel.system.crowd(max(1, count // 2))
    return Visitors(members, list(zip(buyers, paid_channel.invoices(buyers), strict=True)))


def let_in(paid_channel: PaidChannel, members: Sequence[Person], rate: float) -> list[float]:
    """Let members ask to join, `rate` a second; milliseconds until each was let in."""

    def ask(person: Person) -> float:
        moment = time.time()
        person.requests_to_join(paid_channel.link)
        return moment

    starts = pace(members, rate, ask)
    numbers = {person.id for person in members}

    def inside() -> dict[int, float]:
        changes = (change for change in paid_channel.changes() if change["person"] in numbers)
        return {change["person"]: change["at"] for change in changes if change["after"] == "participant"}

    deadline = time.monotonic() + PATIENCE
    while len(inside()) < len(members) and time.monotonic() < deadline:
        time.sleep(0.5)
    opened = inside()
    return [
        (opened.get(person.id, at + PATIENCE) - at) * 1000 for person, at in zip(members, starts, strict=True)
    ]


def sell(buyers: Sequence[tuple[Person, str]], rate: float) -> Waits:
    """Let buyers pay, `rate` a second; how long until the bot agreed, and until their link came."""

    def pay(buyer: tuple[Person, str]) -> tuple[float, float]:
        start = time.time()
        paid = buyer[0].pays(buyer[1])
        return start, (time.time() - start) * 1000 if paid.error is None else PATIENCE * 1000

    paid = pace(buyers, rate, pay)
    waits = Waits(checks=[milliseconds for _, milliseconds in paid])
    for (person, _), (start, _) in zip(buyers, paid, strict=True):
        waits.links.append((_link_at(person, start + PATIENCE) - start) * 1000)
    return waits


def judge(report: Report, waits: Waits, *, what: str, joined: float, share: float) -> None:
    """Add the waits to the report. `joined`: the limit in milliseconds for this share of the requests."""
    name = "all" if share == 1 else f"p{share * 100:g}"
    report.at_most(f"request to join answered, {what}, {name}", joined, percentile(waits.joins, share), "ms")
    report.at_most(f"payment agreed to, {what}, slowest", CHECKED, max(waits.checks), "ms")
    for kind, values in (("request to join", waits.joins), ("agreed", waits.checks), ("link", waits.links)):
        report.facts[f"{kind}_ms, {what}"] = {
            label: round(percentile(values, part), 1)
            for label, part in (("p50", 0.5), ("p95", 0.95), ("max", 1.0))
        }


def measure(report: Report, paid_channel: PaidChannel, count: int) -> None:
    """Let members in, then buyers pay, on a shop that does nothing else."""
    visitors = invite(paid_channel, min(count, REQUESTS))
    wait_until(paid_channel.idle, PATIENCE, "the workers have not come to rest")
    waits = sell(visitors.buyers, RATE / 2)
    waits.joins = let_in(paid_channel, visitors.members, RATE)
    judge(report, waits, what="at rest", joined=ANSWERED, share=0.95)


def _link_at(person: Person, latest: float) -> float:
    """When the message with the link came; `latest` when it did not."""
    while True:
        came = [
            message.at
            for message in person.chat
            if any("t.me/+" in button.value for button in message.buttons)
        ]
        if came or time.time() > latest:
            return came[0] if came else latest
        time.sleep(0.5)
