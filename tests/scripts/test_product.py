"""`comptoir product`, as an operator runs it: a process of its own, on real PostgreSQL and a real store."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.people.people import set_role
from core.uploads.part_plan import MIB
from schemas import jobs, picture_jobs
from schemas.catalogue import Asset, Product
from schemas.people import Seller, User
from scripts import cli
from scripts.embedded.process import PROJECT
from scripts.embedded.proxy import CountingProxy
from scripts.embedded.store import Store
from tests.support import make
from tests.support.stored import content_of, reaching
from tests.support.waiting import wait_until
from workers.store import S3Store

ALICE = 700_000_500
PARTS, PART = 16, 5 * MIB
"""Of the smallest size that S3 takes: a third of the bytes of the usual size tell as much."""
IN_SUCH_PARTS = f"from core.uploads import part_plan; part_plan.USUAL_PART = {PART}"


@dataclass
class Shop:
    """What the command sees, and what it left."""

    database: Database
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """The command in a process of its own, to be killed."""
        program = f"{IN_SUCH_PARTS}; from scripts.cli import main; main()"
        command = [sys.executable, "-c", program, "product", *arguments]
        return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, what went to standard output and to standard error."""
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.run("product", list(arguments))
        out, errors = self.capsys.readouterr()
        return int(ended.value.code or 0), out, errors

    def json(self, *arguments: str) -> Any:
        code, out, errors = self.run(*arguments, "--json")
        assert code == 0, errors
        return json.loads(out)

    def rows(self, table: type[Any]) -> list[Any]:
        with Session(self.database.engine) as session:
            return list(session.exec(select(table)).all())


@pytest.fixture
def shop(
    database: Database,
    database_url: str,
    redis_url: str,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shop:
    environment = {
        "COMPTOIR_VAR": str(tmp_path / "var"),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ENV": "development",
        "PUBLIC_URL": "https://shop.example",
        "BOT_USERNAME": "shop_bot",
        "COLUMNS": "250",
    }
    for name, value in (environment | store.environment).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("core.uploads.part_plan.USUAL_PART", PART)
    return Shop(database, monkeypatch, capsys)


@pytest.fixture
def alice(shop: Shop) -> Seller:
    with shop.database.transaction() as session:
        return make.seller(session, make.user(session, telegram_id=ALICE), name="Studio Alice")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Some parts, each of its own contents, and a rest."""
    path = tmp_path / "le cours.zip"
    with path.open("wb") as file:
        for number in range(PARTS):
            file.write(bytes([number]) * PART)
        file.write(b"the end")
    return path


def add(path: Path, *more: str) -> list[str]:
    return ["add", "--file", str(path), "--title", "Le cours", "--price", "stars=500", *more]


def object_of(store: Store, asset: Asset) -> bytes:
    return content_of(store, asset.key)


def _states(folder: Path) -> list[Path]:
    """What interrupted uploads left."""
    return list((folder / "var" / "uploads").glob("*.json"))


def test_a_product_has_its_file_once_the_disk_has_it(shop: Shop, alice: Seller, tmp_path: Path) -> None:
    path = tmp_path / "leaflet.txt"
    path.write_text("seams")
    waits: list[tuple[int, bool]] = []

    def look() -> None:
        (state,) = _states(tmp_path)
        waits.append((len(shop.rows(Asset)), bool(json.loads(state.read_text())["sha256"])))

    shop.patch.setattr(os, "sync", look)
    shop.json(*add(path, "--seller", str(ALICE)))
    assert waits == [(0, False)]
    assert len(shop.rows(Asset)) == 1


def test_a_file_is_uploaded_and_put_on_sale(shop: Shop, store: Store, alice: Seller, course: Path) -> None:
    product_json = shop.json(*add(course, "--seller", str(ALICE), "--price", "crypto=9.99:EUR"))

    (product,) = shop.rows(Product)
    (asset,) = shop.rows(Asset)
    expected = hashlib.sha256(course.read_bytes()).hexdigest()
    assert (product.status, product.title, product.seller_id) == ("published", "Le cours", alice.id)
    assert (asset.name, asset.size, asset.sha256) == ("le cours.zip", course.stat().st_size, expected)
    assert hashlib.sha256(object_of(store, asset)).hexdigest() == expected
    assert product_json["page"] == f"https://shop.example/p/{product.slug}"
    assert product_json["telegram"] == f"https://t.me/shop_bot?start=p_{product.slug}"
    assert product_json["files"][0]["sha256"] == expected


def test_two_files_and_a_picture_make_one_draft(shop: Shop, alice: Seller, tmp_path: Path) -> None:
    first, second, picture = (tmp_path / name for name in ("1.pdf", "2.pdf", "cover.jpg"))
    for path in (first, second, picture):
        path.write_bytes(path.name.encode())

    product_json = shop.json(*add(first, "--file", str(second), "--picture", str(picture), "--draft"))

    (product,) = shop.rows(Product)
    assert [file["name"] for file in product_json["files"]] == ["1.pdf", "2.pdf"]
    assert (product.status, product.picture_key is None) == ("draft", False)
    with Session(shop.database.engine) as session:
        assert len(make.queued(session, picture_jobs.PublishPicture)) == 1


def test_a_killed_upload_goes_on_where_it_stopped(
    shop: Shop, store: Store, alice: Seller, course: Path, tmp_path: Path
) -> None:
    """Killed by SIGKILL when the store has some parts; a proxy counts what the second run sends."""
    with CountingProxy(store.port) as proxy:
        shop.patch.setenv("S3_ENDPOINT", proxy.url)
        process = shop.start(*add(course))
        wait_until(lambda: proxy.upstream > 6 * PART, 60, "the upload did not begin")
        process.kill()
        process.wait()
        sent = proxy.upstream
        shop.json(*add(course))
        again = proxy.upstream - sent

    (asset,) = shop.rows(Asset)
    assert again < (PARTS - 1) * PART
    assert object_of(store, asset) == course.read_bytes()
    assert asset.sha256 == hashlib.sha256(course.read_bytes()).hexdigest()
    assert list(_states(tmp_path)) == []


def test_an_upload_that_the_store_forgot_begins_anew(
    shop: Shop, store: Store, alice: Seller, course: Path, tmp_path: Path
) -> None:
    process = shop.start(*add(course))
    wait_until(lambda: _states(tmp_path) != [], 60, "the upload did not begin")
    process.kill()
    process.wait()
    (state,) = (json.loads(path.read_text()) for path in _states(tmp_path))
    S3Store(reaching(store)).multipart.abort(state["key"], state["upload_id"])

    shop.json(*add(course))

    (asset,) = shop.rows(Asset)
    assert object_of(store, asset) == course.read_bytes()


def test_a_file_that_would_enter_the_reserve_of_the_disk_is_not_begun(
    shop: Shop, store: Store, alice: Seller, course: Path
) -> None:
    shop.patch.setattr("core.uploads.room.RESERVE", 1.0)
    before = len(list(S3Store(reaching(store)).names("")))
    code, _, errors = shop.run(*add(course))
    assert code == 1
    assert "a reserve is kept free. Nothing was sent." in errors
    assert len(list(S3Store(reaching(store)).names(""))) == before
    assert shop.rows(Product) == []


def test_a_replaced_file_is_announced_and_the_old_one_retires(
    shop: Shop, alice: Seller, tmp_path: Path
) -> None:
    old, new = tmp_path / "v1.pdf", tmp_path / "v2.pdf"
    old.write_bytes(b"one")
    new.write_bytes(b"two")
    asset = shop.json(*add(old))["files"][0]["id"]

    replaced = shop.json("replace", asset, "--file", str(new))

    assert {row.name: row.status for row in shop.rows(Asset)} == {"v1.pdf": "retired", "v2.pdf": "accepted"}
    with Session(shop.database.engine) as session:
        (job,) = make.queued(session, jobs.AnnounceReplacement)
    assert str(job.asset_id) == replaced["id"]
    code, _, errors = shop.run("replace", asset, "--file", str(new))
    assert (code, "retired" in errors) == (1, True)


def test_the_list_and_the_status_of_products(shop: Shop, alice: Seller, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"one")
    number = str(shop.json(*add(path))["product"])

    shop.json("unpublish", number)
    listed = shop.json("list")
    shop.json("publish", number)

    assert [(row["title"], row["status"]) for row in listed] == [("Le cours", "unpublished")]
    assert listed[0]["prices"] == ["stars 500 ⭐"]
    code, text, _ = shop.run("list")
    assert (code, "Studio Alice" in text, "published" in text) == (0, True, True)


def test_a_new_installation_opens_the_admins_shop(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"one")
    with shop.database.transaction() as session:
        set_role(session, ALICE, "admin", actor="cli")

    shop.json(*add(path))
    shop.json(*add(path))

    (seller,) = shop.rows(Seller)
    assert (seller.name, seller.status) == ("Comptoir", "approved")
    assert len(shop.rows(Product)) == 2


def test_a_shop_is_opened_for_a_person_who_has_none(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"one")

    shop.json(*add(path, "--seller", "700000600", "--seller-name", "Chez Bob"))

    assert [seller.name for seller in shop.rows(Seller)] == ["Chez Bob"]
    assert [user.telegram_id for user in shop.rows(User)] == [700_000_600]


REFUSALS: list[tuple[list[str], str]] = [
    (["--file", "{tmp}/none.pdf", "--title", "T", "--price", "stars=1"], "is no file"),
    (["--file", "{tmp}", "--title", "T", "--price", "stars=1"], "is no file"),
    (["--file", "{tmp}/empty", "--title", "T", "--price", "stars=1"], "is empty"),
    (["--file", "{tmp}/a.pdf", "--title", " ", "--price", "stars=1"], "The title is empty"),
    (["--file", "{tmp}/a.pdf", "--title", "T" * 4096, "--price", "stars=1"], "the limit is 200"),
    (["--file", "{tmp}/a.pdf", "--title", "T"], "needs a price"),
    (["--file", "{tmp}/a.pdf", "--title", "T", "--price", "stars"], "is no price"),
    (["--file", "{tmp}/a.pdf", "--title", "T", "--price", "gold=1"], "is no price"),
    (["--file", "{tmp}/a.pdf", "--title", "T", "--price", "stars=1.5"], "not an amount"),
    (["--file", "{tmp}/a.pdf", "--title", "T", "--price", "crypto=1:XTR"], "does not go with"),
    (["--file", "{tmp}/a.pdf", "--title", "T", "--price", "stars=1", "--price", "stars=2"], "two prices"),
    (["--file", "{tmp}/a.pdf", "--title", "T", "--price", "stars=1", "--seller", "5"], "/sell"),
    (["--file", "{tmp}/a.pdf", "--title", "T", "--price", "stars=1", "--seller-name", "Nope"], "--seller"),
]


@pytest.mark.parametrize(("arguments", "expected"), REFUSALS)
def test_what_is_wrong_is_said_before_anything_is_sent(
    shop: Shop, alice: Seller, tmp_path: Path, arguments: list[str], expected: str
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"one")
    (tmp_path / "empty").touch()
    shop.patch.setenv("S3_ENDPOINT", "http://127.0.0.1:1")

    code, _, errors = shop.run("add", *(part.format(tmp=tmp_path) for part in arguments))

    assert code == 1
    assert expected in errors
    assert shop.rows(Product) == []


@pytest.mark.parametrize("away", ["S3_ENDPOINT", "DATABASE_URL"])
def test_a_part_that_is_away_is_named(shop: Shop, alice: Seller, course: Path, away: str) -> None:
    address = {"S3_ENDPOINT": "http://127.0.0.1:1", "DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}
    shop.patch.setenv(away, address[away])

    code, _, errors = shop.run(*add(course))

    assert code == 1
    assert away in errors
