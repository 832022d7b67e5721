"""Buyers' clicks while others mean harm: endless heads, silence, broken and endless bodies, floods."""

import json
import subprocess
import sys
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from core.people.initdata import InitData, TelegramPerson
from core.people.sessions import open_session
from schemas.base import utc_now
from scripts.bench.clicks import clicks
from scripts.bench.hostile_clients import ATTACKS, HEAD_BYTES, RESTING, SILENT
from scripts.bench.load import Answer, load
from scripts.bench.report import Report, percentile
from scripts.bench.running_stack import MIB, UNHURRIED, RunningStack, running_stack
from scripts.bench.sampler import Sampler
from scripts.embedded.memory import memory_of
from scripts.sandbox.telegram.driver import Person

SECONDS = 60  # of each attack
RATE = 20  # clicks a second meanwhile
GROWTH = 16  # MiB that the API may grow
CLICK = 50.0  # milliseconds, the p95 of a click
ACCOUNTS = 20  # Telegram accounts that the attackers have, signed in to the Mini App
FEWEST = 40  # clicks beside an attack, however short it is
BOUNDS = {
    "API_CONNECTIONS": "1024",
    "API_CONNECTIONS_PER_ADDRESS": "256",
    "LIMITS": "click=off",  # all buyers come from one address; attackers have many
}
WORDS = {
    "head": f"{HEAD_BYTES >> 20} MB of head on one connection",
    "silent": f"{SILENT} silent connections",
    "lines": "endless lines",
    "bodies": "malformed bodies",
    "pictures": "floods of pictures and previews",
    "rests": f"{RESTING} long bodies that rest",
}


def measure(seconds: int = SECONDS) -> Report:
    """Make each attack for so many seconds, with buyers beside it."""
    report = Report("hostile")
    with running_stack({**UNHURRIED, **BOUNDS}, size=MIB) as system:
        system.warm()
        tokens = _sign_in(system, ACCOUNTS)
        calm = [answer.milliseconds for answer in _click(system, 2)]  # also: what is loaded at first use
        report.facts["clicks_before_p95_ms"] = round(percentile(calm, 0.95), 1)
        before = memory_of(system.stack.pids("api")).rss
        with Sampler(system.stack) as sampler:
            for kind in ATTACKS:
                _attack(report, system, kind, seconds, tokens)
            _click(system, 2)
        report.facts["api_mib_before"] = round(before / MIB, 1)
        report.facts["api_mib_after"] = round(memory_of(system.stack.pids("api")).rss / MIB, 1)
        grown = (sampler.highest["api"].rss - before) / MIB
        report.at_most("growth of the API at its highest", GROWTH, grown, "MiB")
    return report


def _sign_in(system: RunningStack, count: int) -> list[str]:
    """Sessions of the Mini App, one for each of so many people."""
    people, now = system.crowd(count), utc_now()
    with system.database.transaction() as session:
        return [open_session(session, _launch(person, now), now=now).token for person in people]


def _launch(person: Person, now: datetime) -> InitData:
    """What Telegram would tell of a person who opens the Mini App."""
    who = TelegramPerson(person.id, person.name)
    return InitData(person=who, signed_at=now, digest=person.id.to_bytes(32))


def _attack(report: Report, system: RunningStack, kind: str, seconds: int, tokens: list[str]) -> None:
    parts = urlsplit(system.stack.url)
    command = [sys.executable, "-m", "scripts.bench.hostile_clients", str(parts.hostname), str(parts.port)]
    # In a session of their own, since Linux shares the processors among sessions: attackers are elsewhere.
    with subprocess.Popen(
        [*command, kind, str(seconds), *tokens], stdout=subprocess.PIPE, start_new_session=True
    ) as attackers:
        answers = _click(system, seconds)
        outcome: dict[str, Any] = json.loads(attackers.communicate()[0])
    words = WORDS[kind]
    report.facts[kind] = outcome["answers"]
    failed = sum(count for status, count in outcome["answers"].items() if status in ("500", "502", "504"))
    report.equal(f"{words}: answered 5xx, but 503", 0, failed)
    report.equal(f"{words}: 503 without Retry-After", 0, outcome["dishonest"])
    report.equal(f"{words}: clicks not served", 0, sum(answer.http_status != 302 for answer in answers))
    times = [answer.milliseconds for answer in answers]
    report.at_most(f"{words}: clicks, p95", CLICK, percentile(times, 0.95), "ms")


def _click(system: RunningStack, seconds: int) -> list[Answer]:
    requests = clicks(system, max(FEWEST, RATE * seconds))
    return load(system.stack.url, requests, RATE)
