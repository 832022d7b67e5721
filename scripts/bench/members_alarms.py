"""What must happen within a minute: removal after a refund, an alarm when the bot loses its rights."""

import time

from core.payments.refunds import request_refund
from schemas.base import utc_now
from scripts.bench.members_channel import ROOM, PaidChannel, says
from scripts.bench.members_door import PATIENCE, let_in
from scripts.bench.report import Report
from scripts.embedded.process import wait_until
from scripts.sandbox.telegram.driver import Person

LIMIT = 60  # seconds
COUNT = 10
RATE = 10  # a second


def measure(report: Report, paid_channel: PaidChannel, count: int = COUNT) -> None:
    """Refund members who are inside, then take a right from the bot, give it back, and remove the bot."""
    refunded = _refund(paid_channel, paid_channel.system.crowd(count))
    report.at_most(f"out after a refund while inside, slowest of {count}", LIMIT, max(refunded), "s")
    start = time.time()
    paid_channel.room.promote(paid_channel.bot, "invite_users")
    lost = says("channel-rights-lost", channel=ROOM, invite_users="yes", ban_users="no")
    report.at_most("the seller's alarm: a right lost", LIMIT, _told(paid_channel, lost) - start, "s")
    paid_channel.room.promote(paid_channel.bot)
    _told(paid_channel, says("channel-rights-back", channel=ROOM))
    start = time.time()
    paid_channel.room.puts_out(paid_channel.bot)
    gone = _told(paid_channel, says("channel-gone", channel=ROOM))
    report.at_most("the seller's alarm: the bot put out", LIMIT, gone - start, "s")


def _refund(paid_channel: PaidChannel, people: list[Person]) -> list[float]:
    """Seconds of each from the refund to being out; people who paid Stars and came in."""
    orders = paid_channel.sales.place(people, "stars")
    for person, invoice in zip(people, paid_channel.invoices_of(orders), strict=True):
        assert person.pays(invoice).error is None, "the bot agrees to what it offered"
    wait_until(
        lambda: len(paid_channel.ends().keys() & {p.id for p in people}) == len(people), PATIENCE, "not paid"
    )
    let_in(paid_channel, people, RATE)
    start = time.time()
    with paid_channel.system.database.transaction() as session:
        for order in orders:
            request_refund(session, order, actor="cli", reason="bench", now=utc_now())
    numbers = {person.id for person in people}
    deadline = time.monotonic() + LIMIT + PATIENCE
    while numbers & set(paid_channel.room.members) and time.monotonic() < deadline:
        time.sleep(0.2)
    out = {change["person"]: change["at"] for change in paid_channel.changes() if change["after"] == "banned"}
    return [out.get(number, start + LIMIT + PATIENCE) - start for number in numbers]


def _told(paid_channel: PaidChannel, words: str) -> float:
    return paid_channel.system.seller.wait_for(words, timeout=LIMIT + PATIENCE).at
