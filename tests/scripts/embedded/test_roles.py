"""API, bot and workers as children of one process: what each of them gets, and what becomes of them."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from core.process import handed
from core.process.setting_fields import Role
from core.process.settings import Settings
from scripts.embedded.memory import children, descendants
from scripts.embedded.process import StackError
from scripts.embedded.roles import Roles
from scripts.embedded.stack import Stack
from tests.support.reports import SENT_TO_NOBODY
from tests.support.waiting import wait_until

SECRETS = ("s3_access_key", "s3_secret_key", "bot_token", "link_secret", "nowpayments_ipn_secret")


def handed_to(roles: Roles, role: Role) -> set[str]:
    return set(handed.read(roles.parent.pass_fds[list(roles.members).index(role)]).settings)


@pytest.mark.parametrize(
    ("role", "seen", "hidden"),
    [
        ("api", {"DATABASE_URL", "NOWPAYMENTS_IPN_SECRET"}, {"S3_SECRET_KEY", "BOT_TOKEN", "LINK_SECRET"}),
        ("bot", {"DATABASE_URL", "BOT_TOKEN"}, {"S3_SECRET_KEY", "S3_ACCESS_KEY", "NOWPAYMENTS_IPN_SECRET"}),
        ("workers", {"S3_SECRET_KEY", "BOT_TOKEN", "LINK_SECRET"}, {"NOWPAYMENTS_IPN_SECRET"}),
    ],
)
def test_a_role_is_handed_the_variables_of_its_own_alone(
    settings: Callable[..., Settings], tmp_path: Path, role: Role, seen: set[str], hidden: set[str]
) -> None:
    roles = Roles(
        settings(**{name: f"the {name}" for name in SECRETS}), ("api", "bot", "workers"), tmp_path.joinpath
    )
    roles.hand_over("@api", "@bot", "@workers")

    assert seen <= handed_to(roles, role)
    assert not handed_to(roles, role) & hidden


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop without a bot, which reports to receivers that are away."""
    folder, environment = tmp_path_factory.mktemp("shop"), {"WORKER_GROUPS": "three", **SENT_TO_NOBODY}
    with Stack(folder, environment, roles=("api", "workers"), fsync=False) as stack:
        yield stack


def of_process(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


def everyone(shop: Stack) -> list[int]:
    return [*shop.pids("parent"), *shop.pids("api"), *shop.pids("workers")]


def test_no_secret_stands_in_an_environment_or_an_argument(shop: Stack) -> None:
    for pid in everyone(shop):
        for name in ("environ", "cmdline"):
            shown = of_process(pid, name)
            assert shop.settings.link_secret not in shown
            assert shop.settings.database_url not in shown
            assert shop.settings.s3_secret_key not in shown
            assert shop.settings.sentry_dsn not in shown


def test_the_running_shop_can_change_no_entry_of_its_audit_log(shop: Stack) -> None:
    settings = shop.settings
    addresses = {settings.database_url, settings.owner_database_url, settings.audit_database_url}
    assert len(addresses) == 3
    with psycopg.connect(settings.database_url) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_entry")
        connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE audit_entry SET actor = 'system'")
        connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")


@pytest.mark.parametrize("role", ["api", "bot", "workers"])
def test_no_role_is_handed_the_address_of_the_database_s_owner(
    settings: Callable[..., Settings], tmp_path: Path, role: Role
) -> None:
    owner = "postgresql://owner@/comptoir"
    roles = Roles(settings(owner_database_url=owner), ("api", "bot", "workers"), tmp_path.joinpath)
    roles.hand_over("@api", "@bot", "@workers")

    assert owner not in handed.read(roles.parent.pass_fds[list(roles.members).index(role)]).settings.values()


def test_no_child_holds_what_was_handed_to_another(shop: Stack) -> None:
    for child, _ in children(shop.pids("parent")[0]):
        open_files = [os.readlink(path) for path in Path(f"/proc/{child}/fd").iterdir() if path.is_symlink()]
        assert not [name for name in open_files if "memfd:comptoir-" in name]


def test_the_kernel_ends_a_child_before_the_parent(shop: Stack) -> None:
    def score(pid: int) -> int:
        return int(of_process(pid, "oom_score_adj"))

    (parent,) = shop.pids("parent")
    assert all(score(pid) > score(parent) for pid in (*shop.pids("api"), *shop.pids("workers")))


def test_each_role_writes_a_log_of_its_own(shop: Stack) -> None:
    wait_until(lambda: "interactive serves" in shop.log_text("workers"))
    assert "serves" not in shop.log_text("api")
    assert "serves" not in shop.log_text("parent")


def test_reports_that_nobody_takes_are_told_in_the_log_and_hold_up_nobody(shop: Stack) -> None:
    def serves() -> bool:
        return httpx.get(f"{shop.url}/readyz", trust_env=False).status_code == 200

    wait_until(serves)
    wait_until(lambda: "spans batch" in shop.log_text("api"), 60)
    assert serves()
    assert shop.log_text("api").count("spans batch") == 1


def test_a_role_that_dies_comes_back_alone_and_one_that_rests_does_not(shop: Stack) -> None:
    workers, (before,) = shop.pids("workers"), shop.pids("api")

    def answers() -> bool:
        try:
            return httpx.get(f"{shop.url}/healthz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    shop.kill("api")
    wait_until(lambda: answers() and shop.pids("api") != [before])
    assert shop.pids("workers") == workers

    shop.pause("api")
    assert shop.pids("api") == []
    assert not answers()
    shop.resume("api")
    wait_until(answers)
    assert shop.pids("workers") == workers


def test_a_parent_that_is_killed_takes_all_with_it_and_is_started_again(shop: Stack) -> None:
    (before,) = shop.pids("parent")
    family = descendants(before)
    shop.kill("parent")
    wait_until(
        lambda: shop.pids("parent") != [before] and len(shop.pids("workers")) == 3 and shop.pids("api")
    )
    assert not set(family) & {*everyone(shop)}
    pids = json.loads((shop.var / "run.json").read_text())["pids"]
    assert pids["parent"] == shop.pids("parent")[0]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("RAIL_POLICY", "bot:gold", "RAIL_POLICY is wrong"),
        ("S3_PUBLIC_ENDPOINT", "https://store.example.org/path", "S3_PUBLIC_ENDPOINT is wrong"),
        ("LISTING_FEE", "gold=1", "LISTING_FEE"),
    ],
)
def test_a_wrong_setting_is_one_line_and_nothing_is_forked(
    tmp_path: Path, database_url: str, redis_url: str, name: str, text: str, told: str
) -> None:
    servers = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with pytest.raises(StackError, match="ended with code 2") as refused:
        Stack(tmp_path, {**servers, name: text}, roles=("api", "workers")).start()
    assert told in str(refused.value)
    assert "Traceback" not in (tmp_path / "log" / "parent.log").read_text()


def test_the_error_of_a_start_has_the_words_of_the_child_that_ended(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = Roles(settings(), ("api", "workers"), tmp_path.joinpath)
    (tmp_path / "workers").write_text("of an earlier run")
    os.utime(tmp_path / "workers", (0, 0))
    writes = f"open({str(tmp_path / 'api')!r}, 'w').write('address already in use')"
    monkeypatch.setattr(roles.parent, "command", [sys.executable, "-c", writes])
    roles.launch()
    with pytest.raises(StackError, match="address already in use") as refused:
        roles.begin()
    assert "earlier run" not in str(refused.value)
    roles.stop()
