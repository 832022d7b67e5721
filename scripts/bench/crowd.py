"""A thousand people at once in the bot, the Mini App and on the web: how long each waits for an answer.

Each does something every ten seconds, at times that are fixed before, whether or not what they did before
was answered. Behind the proxy each has an address of their own, as in life; some buy meanwhile.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import httpx
from sqlalchemy import text

from core.kit.tokens import random_token
from scripts.bench.browser import sign_init_data
from scripts.bench.clicks import clicks
from scripts.bench.crowd_bot import Visits
from scripts.bench.load import Answer, Request, load
from scripts.bench.report import Report, percentile
from scripts.bench.running_stack import MIB, RunningStack, running_stack
from scripts.embedded.telegram import TOKEN
from scripts.sandbox.telegram.driver import Person

PEOPLE, MINUTES = 1000, 10.0
THINK = 10.0  # seconds between two acts of one person
WAIT = 2000.0  # milliseconds: the p95 that is asked for
SETTLE = 60.0  # seconds for the last orders
SOLD = 1.0  # orders a second that are paid in the bot
PACE = {"TELEGRAM_RATE": "30", "TELEGRAM_CHAT_RATE": "30", "TRUSTED_PROXY": "yes"}
"""Telegram's own pace, but for the seller's chat, who is told of every sale; and addresses by the proxy."""
SLUG = text("SELECT slug FROM product WHERE id = :product")
SEEN, ORDERED = 200, 303
LINKS = 200  # that are clicked in turn
ORDER_EVERY = 20  # of so many acts on the web one is an order


def measure(count: int = PEOPLE, minutes: float = MINUTES) -> Report:
    """Let `count` people be there for so many minutes, a third of them at each entry."""
    report = Report("crowd")
    seconds = minutes * 60
    with running_stack(PACE, size=MIB) as system:
        system.warm()
        people = system.crowd(count)
        in_bot, in_app, on_web = (people[entry::3] for entry in range(3))
        pages = _interleave(_app_acts(system, in_app, seconds), _web_acts(system, on_web, seconds))
        with ThreadPoolExecutor(2) as pool, Visits(in_bot, THINK) as visits:
            started = time.monotonic()
            chatting = pool.submit(visits.go, seconds)
            buying = pool.submit(_sell, system, seconds)
            answers = load(system.stack.url, [request for _, request in pages], len(pages) / seconds)
            buyers = buying.result()
            waits = chatting.result()
            report.facts["seconds"] = round(time.monotonic() - started)
        _judge_pages(report, pages, answers)
        _judge(report, "bot", len(waits), [wait for wait in waits if wait is not None])
        left = _settle(system, buyers)
        report.equal(f"orders of {len(buyers)} that were paid and not delivered", 0, left)
        bought = {buyer.id for buyer in buyers}  # all others ask for the same again and again
        twice = sum(person in bought for person, _ in system.telegram.remote.duplicates())
        report.equal("messages that a buyer got twice", 0, twice)
        report.facts["people"] = count
    return report


def _app_acts(system: RunningStack, people: Sequence[Person], seconds: float) -> list[tuple[str, Request]]:
    """What people do in the Mini App, each in a session of their own."""
    slug, tokens = _slug(system), []
    with httpx.Client(trust_env=False, base_url=system.stack.url, timeout=30) as client:
        for number, person in enumerate(people):
            signed = {"init_data": sign_init_data(TOKEN, person.id, person.name)}
            opened = client.post("/api/session", json=signed, headers=_from("10.1", number))
            tokens.append(opened.raise_for_status().json()["token"])
    paths = ("/api/library", f"/api/products/{slug}/view", "/api/memberships")
    acts = []
    for act in range(int(seconds / THINK * len(people))):
        place, turn = act % len(people), act // len(people)
        headers = {"authorization": f"Bearer {tokens[place]}", **_from("10.1", place)}
        acts.append(("Mini App", Request("GET", paths[turn % len(paths)], headers)))
    return acts


def _web_acts(system: RunningStack, people: Sequence[Person], seconds: float) -> list[tuple[str, Request]]:
    """What people do on the web: the product's page, a download, now and then an order."""
    page, links = f"/p/{_slug(system)}", clicks(system, LINKS)
    form = {"content-type": "application/x-www-form-urlencoded", "origin": system.stack.settings.public_url}
    acts = []
    for act in range(int(seconds / THINK * len(people))):
        address = _from("10.2", act % len(people))
        if act % ORDER_EVERY == 0:
            body = urlencode({"rail": "crypto", "currency": "EUR", "key": random_token()})
            acts.append(("order", Request("POST", page, {**form, **address}, body)))
        elif act % 2:
            acts.append(("download", Request("GET", links[act % LINKS].path, address)))
        else:
            acts.append(("page", Request("GET", page, address)))
    return acts


def _interleave(*lists: list[tuple[str, Request]]) -> list[tuple[str, Request]]:
    """All of them, each list spread evenly over the whole time."""
    placed = [(place / len(acts), act) for acts in lists for place, act in enumerate(acts)]
    return [act for _, act in sorted(placed, key=lambda at: at[0])]


def _sell(system: RunningStack, seconds: float) -> list[Person]:
    """Have somebody new buy every second."""
    buyers = system.crowd(max(1, int(SOLD * seconds)))
    start = time.monotonic()
    for number, buyer in enumerate(buyers):
        time.sleep(max(0.0, start + number / SOLD - time.monotonic()))
        system.sell([buyer])
    return buyers


def _settle(system: RunningStack, buyers: Sequence[Person]) -> int:
    deadline = time.monotonic() + SETTLE
    while (left := system.undelivered(buyers)) and time.monotonic() < deadline:
        time.sleep(0.5)
    return left


def _judge_pages(report: Report, pages: list[tuple[str, Request]], answers: Sequence[Answer]) -> None:
    expected = {"Mini App": SEEN, "page": SEEN, "order": ORDERED, "download": 302}
    for kind, status in expected.items():
        own = [answer for (act, _), answer in zip(pages, answers, strict=True) if act == kind]
        served = [answer.milliseconds for answer in own if answer.http_status == status]
        _judge(report, kind, len(own), served)
        others = {answer.http_status for answer in own} - {status}
        if others:
            report.facts[f"{kind}: other answers"] = sorted(others)


def _judge(report: Report, kind: str, count: int, waits: list[float]) -> None:
    report.equal(f"{kind}: not answered, of {count}", 0, count - len(waits))
    report.at_most(f"{kind}: answered, p95", WAIT, percentile(waits, 0.95) if waits else WAIT * 2, "ms")
    shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    if waits:
        report.facts[kind] = {name: round(percentile(waits, share), 1) for name, share in shares.items()}


def _slug(system: RunningStack) -> str:
    with system.database.engine.connect() as connection:
        return str(connection.execute(SLUG, {"product": system.product_id}).scalar_one())


def _from(network: str, number: int) -> dict[str, str]:
    return {"x-forwarded-for": f"{network}.{number // 250}.{number % 250 + 1}"}
