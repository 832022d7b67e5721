"""Thousands of memberships end in one minute among a hundred thousand: all out, once, and never early."""

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.base import utc_now
from scripts.bench import members_door as door
from scripts.bench.members_channel import PLAN, PaidChannel, says
from scripts.bench.report import Report
from scripts.embedded.process import wait_until

COUNT = 5000
OTHERS = 19  # memberships that go on, for each that ends
MINUTE = 60.0  # seconds over which the ends of COUNT are spread; fewer take less
PACE = {"TELEGRAM_RATE": "30", "TELEGRAM_CHAT_RATE": "30"}
REMOVALS = 30  # a second, of PACE: Telegram names no pace, so it is the one of messages
SETTLE = 60  # seconds beyond what the pace takes
FLOODED = 0.02  # share of bans, of their ends and of messages that are answered FLOOD_WAIT
FLOOD = 2  # seconds of each
VISITS = 2.0  # a second: members who come in meanwhile; half as many buy
ANSWERED = 2000  # milliseconds, for every request to join
LEAD = 5.0  # seconds until the first end
WRITTEN = 500  # members a second that are written before it
STRANGERS = 1_000_000_000  # Telegram ids from here on belong to nobody in the sandbox
GIVE_UP = 300.0  # seconds beyond the promise after which it is not waited for any longer


@dataclass(frozen=True)
class Removed:
    """What Telegram recorded of the ended members: who is still in, was removed twice, or too early.

    The seconds run from the last end to the last removal, and from each one's own end at the most.
    """

    inside: int
    twice: int
    early: int
    untold: int
    told_twice: int
    seconds: float
    latest: float


def measure(report: Report, paid_channel: PaidChannel, count: int) -> None:
    """Let thousands of memberships end while other people join and buy."""
    spread = MINUTE * min(1.0, count / COUNT)
    paid_channel.fill(
        range(STRANGERS, STRANGERS + OTHERS * count),
        first=utc_now() + timedelta(days=8),
        spread=timedelta(days=30).total_seconds(),
    )
    busy = count / REMOVALS + spread
    visitors = door.invite(paid_channel, max(4, int(busy * VISITS)))
    wait_until(paid_channel.idle, GIVE_UP, "the workers have not come to rest")
    first = utc_now() + timedelta(seconds=LEAD + count / WRITTEN)
    ending = {person.id for person in paid_channel.members(count, first=first, spread=spread)}
    ends = {number: at for number, at in paid_channel.ends().items() if number in ending}
    _flood(paid_channel)
    with ThreadPoolExecutor(2) as pool:
        time.sleep(max(0.0, (min(ends.values()) - utc_now()).total_seconds()))
        selling = pool.submit(door.sell, visitors.buyers, VISITS / 2)
        joining = pool.submit(door.let_in, paid_channel, visitors.members, VISITS)
        _wait_out(paid_channel, ending, busy + SETTLE + GIVE_UP)
        waits = selling.result()
        waits.joins = joining.result()
    paid_channel.system.telegram.remote.clear_faults()
    wait_until(paid_channel.idle, GIVE_UP, "the workers have not come to rest")
    _judge(report, _removed(paid_channel, ends), count)
    door.judge(report, waits, what=f"{count} removals running", joined=ANSWERED, share=1.0)


def _flood(paid_channel: PaidChannel) -> None:
    telegram = paid_channel.system.telegram.remote
    for method in ("channels.editBanned", "messages.sendMessage"):
        telegram.flood_wait(FLOOD, share=FLOODED, method=method)


def _wait_out(paid_channel: PaidChannel, ending: set[int], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while ending & set(paid_channel.room.members) and time.monotonic() < deadline:
        time.sleep(1)


def _removed(paid_channel: PaidChannel, ends: dict[int, datetime]) -> Removed:
    done: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for change in paid_channel.changes():
        if change["person"] in ends:
            done[change["person"]].append((change["after"], change["at"]))
    due = {number: at.timestamp() for number, at in ends.items()}
    notified = paid_channel.system.telegram.remote.reached(says("member-expired", title=PLAN))
    banned = {number: acts[0][1] for number, acts in done.items()}
    return Removed(
        inside=len(ends.keys() & {*paid_channel.room.members, *paid_channel.room.banned}),
        twice=sum([act for act, _ in acts] != ["banned", "left"] for acts in done.values()),
        early=sum(at < due[number] for number, at in banned.items()),
        untold=sum(number not in notified for number in ends),
        told_twice=sum(notified.get(number, 0) > 1 for number in ends),
        seconds=max(banned.values(), default=0.0) - max(due.values()),
        latest=max((at - due[number] for number, at in banned.items()), default=0.0),
    )


def _judge(report: Report, removed: Removed, count: int) -> None:
    report.equal(f"of {count} ended among {count * (OTHERS + 1)}, still in", 0, removed.inside)
    report.equal("removed twice, or only banned", 0, removed.twice)
    report.equal("removed early", 0, removed.early)
    report.equal("not told, and told twice", (0, 0), (removed.untold, removed.told_twice))
    promised = count / REMOVALS + SETTLE
    report.at_most(f"all out at {REMOVALS}/s, after the last end", promised, removed.seconds, "s")
    report.facts["slowest_removal_seconds_after_its_own_end"] = round(removed.latest, 1)
