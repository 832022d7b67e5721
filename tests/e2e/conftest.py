"""One shop of real processes for all tests here: PostgreSQL, Redis, store, Telegram, NOWPayments, ours."""

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyrage import x25519
from rich.console import Console

from scripts.bench.running_stack import MIB, UNHURRIED, RunningStack, running_stack
from scripts.demonstration.play import buy
from scripts.demonstration.tell import Teller
from scripts.embedded.ports import accepts
from scripts.embedded.process import PROJECT
from scripts.embedded.proxy import CountingProxy
from scripts.embedded.store import Store
from scripts.sandbox.telegram.driver import Person

SIGNED_FOR = 5  # seconds; short, so that a test can see a signed address expire
SIZE = 3 * MIB + 17
TITLE = "Leçon <b>1</b> & 2"
METRICS_TOKEN = "token-of-prometheus"
_numbers = count(1)

Comptoir = Callable[..., Any]


@dataclass(frozen=True)
class Course:
    """A product of the shop with real bytes."""

    product_id: int
    slug: str
    name: str
    sha256: str


@pytest.fixture(scope="session")
def store_door() -> Iterator[CountingProxy]:
    """Where browsers reach the store: it counts their bytes."""
    with CountingProxy(0) as door:
        yield door


def taken(port: int) -> bool:
    """Whether somebody listens on one of three ports; the system hands out none of those that we try."""
    return any(accepts(number) for number in range(port, port + 3))


@pytest.fixture(scope="session")
def backup_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the secret key that the shop's backups are encrypted for."""
    identity = x25519.Identity.generate()
    path = tmp_path_factory.mktemp("key") / "backup.key"
    path.write_text(f"# public key: {identity.to_public()}\n{identity}\n")
    return path


@pytest.fixture(scope="session")
def shop(
    store_door: CountingProxy, backup_key: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStack]:
    """The shop, with one delivery behind it."""
    settings = {
        **UNHURRIED,
        "BACKUP_KEY": backup_key.read_text().split()[3],
        "LOG_LEVEL": "info",  # what is said of each click, job and message
        "METRICS_TOKEN": METRICS_TOKEN,
        "METRICS_PORT": str(next(port for port in range(20_000, 32_000, 3) if not taken(port))),
        "SIGNED_URL_TTL": str(SIGNED_FOR),
        "S3_PUBLIC_ENDPOINT": store_door.url,
    }
    folder = tmp_path_factory.mktemp("shop")
    with running_stack(settings, size=MIB, folder=folder, fsync=False) as shop:
        store = shop.stack.parts["store"]
        assert isinstance(store, Store)
        store_door.target_port = store.port
        shop.warm()
        yield shop


@pytest.fixture(scope="session")
def comptoir(shop: RunningStack) -> Comptoir:
    """Run a command of the operator against the shop; what it prints, from JSON."""

    def run(*arguments: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "scripts.cli", *arguments, "--json"],
            cwd=PROJECT,
            env={**os.environ, "COMPTOIR_VAR": str(shop.stack.var)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def course(shop: RunningStack, comptoir: Comptoir, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Imported by the operator's command."""
    path = tmp_path_factory.mktemp("course") / "leçon №1.bin"
    content = os.urandom(SIZE)
    path.write_bytes(content)
    command = ["product", "add", "--file", str(path), "--title", TITLE]
    command += ["--price", "stars=250", "--price", "crypto=4.50:EUR", "--seller", str(shop.seller.id)]
    added = comptoir(*command)
    return Course(added["product"], added["slug"], path.name, hashlib.sha256(content).hexdigest())


@pytest.fixture
def person(shop: RunningStack) -> Callable[..., Person]:
    """Make somebody new with a Telegram account."""

    def make(language: str = "en") -> Person:
        return shop.telegram.remote.person(f"Person {next(_numbers)}", language=language)

    return make


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A browser that follows nothing by itself."""
    with httpx.Client(timeout=30, trust_env=False) as client:
        yield client


def buy_with_stars(buyer: Person, title: str = TITLE) -> str:
    """Find a product in the bot, pay it with Stars; the link that comes."""
    return buy(buyer, Teller(Console(file=io.StringIO())), title)


def fetch(client: httpx.Client, link: str) -> httpx.Response:
    """Click and download: a redirect to the store, and the file."""
    clicked = client.get(link)
    assert clicked.status_code == 302, clicked.text
    assert httpx.URL(clicked.headers["location"]).port != httpx.URL(link).port
    return client.get(clicked.headers["location"])


def sha256_of(content: bytes) -> str:
    """As the catalogue shows it."""
    return hashlib.sha256(content).hexdigest()
