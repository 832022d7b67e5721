"""The steps of the drill, each with what it found: built, sold, upgraded, killed, gone back, restored."""

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from scripts.container_drill.clicks import TOLD, Clicks, browser
from scripts.container_drill.engine import Engine
from scripts.container_drill.relay import Relay
from scripts.container_drill.shop import SHOP, STORE, Shop
from scripts.container_drill.stand_ins import make_images
from scripts.demonstration.play import buy, open_shop
from scripts.demonstration.tell import Teller
from scripts.embedded.process import StackError, wait_until
from scripts.embedded.telegram import TOKEN, TelegramSandbox

Tell = Callable[[str], None]
Found = dict[str, Any]

SOLD = 64 << 20  # bytes of the file
PARTS = ("api-a", "api-b", "bot", "worker-a", "worker-b")
CLICKED = ("upgraded", "api_killed", "worker_killed", "went_back", "restored")
"""Steps beside which buyers click; a click that one of them loses ends the drill, after the others."""
LEAST = 200  # clicks while something is done
HOST = "10.213.77.1"  # this machine, in the network that leads out
RATE = 50.0  # clicks a second while an API is killed
HEALTHY_AGAIN = 90.0  # seconds
SEEN_WITHIN = 120.0  # seconds, four times what lies between two looks of Prometheus
WATCHED = {"comptoir-api": 2, "comptoir-worker": 2, "comptoir-worker-groups": 4}
"""The pages that Prometheus reads of two APIs and two workers, of three processes each."""


def play(engine: Engine, folder: Path, outcome: Found, tell: Tell) -> None:
    """Run all steps and fill `found`. Raises when one does not happen."""
    with ExitStack() as resources:
        tell("Images: pulled, or stand-ins for what cannot be had")
        outcome["images"] = make_images(engine)
        shop = Shop(engine, folder / "shop")
        tell("Building the image, and the smaller one for API and bot")
        outcome["built"] = build(engine, shop)
        telegram = TelegramSandbox(folder / "telegram", folder / "telegram.log")
        telegram.start()
        resources.callback(telegram.stop)
        resources.callback(shop.remove)
        relay = resources.enter_context(Relay(int(telegram.remote.address.split(":")[1])))
        tell("Deploying a first version")
        deploy(shop, telegram, relay)
        tell("Selling a file and following its link")
        link, outcome["sold"] = sell(shop, telegram, folder)
        outcome["memory"], outcome["walls"] = shop.memory(), walls(shop)
        tell("Watching it with Prometheus")
        outcome["watched"] = watch(shop)
        trials(shop, link, outcome, tell)


def trials(shop: Shop, link: str, outcome: Found, tell: Tell) -> None:
    """Upgrade, kill, go back and restore beside buyers who click. Raises when a click was lost."""
    tell("Upgrading under clicks")
    shop.tag("drill-1", "drill-2")
    outcome["upgraded"] = under_clicks(shop, link, 10.0, lambda: shop.release("deploy", "drill-2"))
    tell("Killing an API and a worker under clicks")
    outcome["api_killed"] = under_clicks(shop, link, RATE, lambda: kill(shop, "api-a"))
    outcome["worker_killed"] = under_clicks(shop, link, RATE, lambda: kill(shop, "worker-a"), told=True)
    tell("Going back under clicks")
    outcome["went_back"] = under_clicks(shop, link, 10.0, lambda: shop.release("rollback"))
    outcome["deployed"] = shop.release("list").splitlines()
    tell("Restoring a backup")
    outcome["restored"] = restore(shop, link)
    lost = {step: outcome[step]["lost"] for step in CLICKED if outcome[step]["lost"]}
    assert not lost, f"clicks were lost: {lost}"


def build(engine: Engine, shop: Shop) -> Found:
    """Build both images; their sizes, above their base too."""
    started = time.monotonic()
    base = shop.sizes("python:3.11-slim")["python:3.11-slim"]
    for target, tag in (("", "comptoir:drill-1"), ("web", "comptoir:drill-web")):
        more = ("--target", target) if target else ()
        engine.docker("build", "--quiet", "--network", "host", *more, "--tag", tag, str(shop.folder))
    sizes = shop.sizes("comptoir:drill-1", "comptoir:drill-web")
    return {
        "seconds": round(time.monotonic() - started),
        "bytes": sizes,
        "above_base": {image: size - base for image, size in sizes.items()},
    }


def deploy(shop: Shop, telegram: TelegramSandbox, relay: Relay) -> None:
    """Start the first version as the runbook says; beforehand, let it find Telegram on this machine."""
    shop.write_settings()
    _, _, key = telegram.remote.address.split(":", 2)
    shop.talk_to(f"{HOST}:{relay.port}:{key}")
    shop.release("deploy", "drill-1")


def sell(shop: Shop, telegram: TelegramSandbox, folder: Path) -> tuple[str, Found]:
    """Put a file on sale by a command, buy it in the bot, follow the link; the link and what was seen."""
    sold = folder / "files" / "course.bin"
    sold.parent.mkdir()
    sold.write_bytes(os.urandom(SOLD))
    teller = Teller(Console(quiet=True))
    alice, bob = telegram.remote.person("Alice"), telegram.remote.person("Bob")
    open_shop(alice, teller)
    product = ["product", "add", "--file", "/files/course.bin", "--title", "The course"]
    shop.command(
        *product, "--price", "stars=500", "--seller", str(alice.id), mount=f"{sold.parent}:/files:ro"
    )
    link = buy(bob, teller)
    digest, received, redirect = hashlib.sha256(), 0, ""
    with browser(shop.trust(), 30) as client:
        redirect = client.get(link).headers["location"]
        with client.stream("GET", redirect) as answer:
            for chunk in answer.iter_raw():
                digest.update(chunk)
                received += len(chunk)
    assert digest.hexdigest() == hashlib.sha256(sold.read_bytes()).hexdigest(), (
        "other bytes came than were sold"
    )
    return link, {"bytes": received, "from": httpx.URL(redirect).host, "same_bytes": True}


def walls(shop: Shop) -> Found:
    """What strangers are answered, by address; and whether a network without a way out has none."""
    addresses = [f"https://{SHOP}{path}" for path in ("/metrics", "/readyz")]
    addresses += [f"https://{STORE}{path}" for path in ("/", "/status", "/healthz", "/other/a", "/comptoir/")]
    addresses += [f"https://{STORE}/comptoir/../", f"https://{STORE}/comptoir/a"]
    with browser(shop.trust(), 30) as client:
        answers = {address: client.get(address).status_code for address in addresses}
        answers["DELETE"] = client.delete(f"https://{STORE}/comptoir/a").status_code
    reach = "import socket; socket.create_connection(('1.1.1.1', 443), 3)"
    alone = {service: _fails(shop, service, reach) for service in ("api-a", "bot")}
    secrets = [line for line in shop.looks("worker-a")["Config"]["Env"] if TOKEN in line]
    return {"answers": answers, "cannot_reach_out": alone, "secrets_in_environment": len(secrets)}


def watch(shop: Shop) -> Found:
    """Start Prometheus of the profile `observability`: it reads all pages, and takes nothing for dead.

    Grafana and the collector of logs have no stand-in; their files are held by a test.
    """
    shop.compose("up", "-d", "--no-deps", "prometheus")
    pages: dict[str, int] = {}

    def sees_all() -> bool:
        pages.clear()
        for series in shop.prometheus("query?query=up"):
            if series["value"][1] == "1":
                pages[series["metric"]["job"]] = pages.get(series["metric"]["job"], 0) + 1
        return pages == WATCHED

    wait_until(sees_all, SEEN_WITHIN, f"Prometheus did not read all pages of {WATCHED}")
    firing = shop.prometheus('query?query=ALERTS{alertname="ComptoirDown"}')
    assert not firing, f"Prometheus takes for dead what lives: {firing}"
    shop.compose("rm", "--stop", "--force", "prometheus")
    return {"pages": pages}


def _fails(shop: Shop, service: str, program: str) -> bool:
    try:
        shop.compose("exec", "-T", service, "python", "-c", program)
    except StackError:
        return True
    return False


def under_clicks(
    shop: Shop, link: str, rate: float, act: Callable[[], object], *, told: bool = False
) -> Found:
    """Do something to the shop while its buyers click, at least 200 times; what became of the clicks.

    `load` is how many of all programs of this machine wanted one of its `cores`, over the minute: a machine
    that is busy with others loses clicks which say nothing of the shop. With `told`, whom the shop told to
    come back (a click that a killed worker held) is counted, not lost.
    """
    started = time.monotonic()
    clicks = Clicks(link, shop.trust(), rate=rate, least=LEAST).start()
    try:
        act()
    finally:
        counted = clicks.stop()
    lost = counted.lost - (counted.others.get(TOLD, 0) if told else 0)
    machine = {"load": round(os.getloadavg()[0], 1), "cores": os.cpu_count()}
    return {**asdict(counted), "lost": lost, **machine, "seconds": round(time.monotonic() - started)}


def kill(shop: Shop, service: str) -> None:
    """SIGKILL, and wait until it serves again by itself."""
    shop.kill(service)
    wait_until(lambda: shop.state(service) == "healthy", HEALTHY_AGAIN, f"{service} was not healthy again")


def restore(shop: Shop, link: str) -> Found:
    """Copy the database, lose all of it, bring the copy back, and click again."""
    started = time.monotonic()
    shop.command("backup")
    shop.compose("stop", *PARTS)
    shop.lose_the_database()
    shop.command("restore", "latest")
    shop.command("audit", "accept", "--reason", "the drill restored a backup")
    shop.compose("start", *PARTS)
    for service in PARTS:
        wait_until(partial(_healthy, shop, service), HEALTHY_AGAIN, f"{service} was not healthy again")
    counted = Clicks(link, shop.trust(), rate=10.0, least=20).start().stop()
    return {**asdict(counted), "lost": counted.lost, "seconds": round(time.monotonic() - started)}


def _healthy(shop: Shop, service: str) -> bool:
    return shop.state(service) == "healthy"
