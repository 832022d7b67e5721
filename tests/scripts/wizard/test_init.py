"""`comptoir init` as a person runs it, against the loopback Telegram: first, again, and with mistakes."""

import json
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values

from scripts.embedded.process import PROJECT
from scripts.sandbox.telegram.remote import RemoteSandbox
from tests.scripts.embedded.test_up import CLEAN

TOKEN = "4242:test-token-that-is-long-enough"
ALL = ("--api-id", "1", "--api-hash", "0" * 32, "--domain", "shop.example", "--name", "L'atelier d'Été")


@pytest.fixture(scope="module")
def telegram() -> Iterator[RemoteSandbox]:
    sandbox = RemoteSandbox.spawn()
    try:
        sandbox.add_bot(TOKEN, "shop_bot")
        yield sandbox
    finally:
        sandbox.stop()


class Wizard:
    """Runs `comptoir init` in a folder of its own."""

    def __init__(self, folder: Path, around: dict[str, str]) -> None:
        self.folder, self.env = folder, folder / ".env"
        self._around = {**CLEAN, **around}

    def starts(self, *arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "scripts.cli", "init", "--env-file", str(self.env)]
        return subprocess.Popen(
            [*command, "--var", str(self.folder / "var"), *arguments],
            cwd=PROJECT,
            env=self._around,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        with self.starts(*arguments) as process:
            out, err = process.communicate(typed, timeout=60)
            return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def outcome(self, *arguments: str) -> dict[str, Any]:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def values(self) -> dict[str, str | None]:
        return dotenv_values(self.env, interpolate=False)


@pytest.fixture
def wizard(tmp_path: Path, telegram: RemoteSandbox) -> Wizard:
    return Wizard(tmp_path, {"ENV": "sandbox", "TELEGRAM_SANDBOX": telegram.address})


def test_flags_alone_set_a_shop_up_and_nobody_else_reads_its_secrets(wizard: Wizard, tmp_path: Path) -> None:
    outcome = wizard.outcome("--token", TOKEN, *ALL, "--admin", "7", "--set", "LINK_TTL=60")
    values = wizard.values()
    assert outcome["bot"] == values["BOT_USERNAME"] == "shop_bot"
    assert values["SHOP_NAME"] == "L'atelier d'Été"
    assert (values["FIRST_ADMIN"], values["LINK_TTL"], values["ENV"]) == ("7", "60", "production")
    assert stat.S_IMODE(wizard.env.stat().st_mode) == 0o600
    caddy, unit = (tmp_path / "var" / name for name in ("Caddyfile", "comptoir.service"))
    assert outcome["files"] == [str(wizard.env), str(caddy), str(unit)]
    assert "path /comptoir/*" in caddy.read_text()
    assert "NoNewPrivileges" in unit.read_text() or "User=" not in unit.read_text()
    assert TOKEN not in json.dumps(outcome)
    assert outcome["next"]


def test_run_again_it_keeps_what_was_set_and_shows_what_changes(wizard: Wizard) -> None:
    wizard.outcome("--token", TOKEN, *ALL, "--store-domain", "files.example")
    wizard.env.write_text(wizard.env.read_text() + "# mine\nMODERATION=all\n")
    before = wizard.values()
    assert wizard.outcome()["changes"] == []
    again = wizard.run("--yes", "--name", "Autre", "--legal-name", "SARL X")
    assert "~ SHOP_NAME=Autre    (was: L'atelier d'Été)" in again.stderr
    assert "+ LEGAL_NAME=SARL X" in again.stderr
    assert "  LINK_SECRET=(a secret)" in again.stderr
    assert str(before["LINK_SECRET"]) not in again.stderr
    assert wizard.values() == {**before, "SHOP_NAME": "Autre", "LEGAL_NAME": "SARL X"}
    assert "# mine\n" in wizard.env.read_text()


def test_asked_question_by_question_a_mistake_is_explained_and_asked_again(wizard: Wizard) -> None:
    typed = ["abc", TOKEN, "1", "0" * 32, "http://192.0.2.1", "shop.example", "", "", "", "", "", "", "y"]
    done = wizard.run(typed="\n".join(typed) + "\n")
    assert done.returncode == 0, done.stderr
    assert "BOT_TOKEN is wrong" in done.stderr
    assert "is no name on the web" in done.stderr
    assert "BOT_ID" not in done.stderr
    assert wizard.values()["BOT_TOKEN"] == TOKEN
    assert "admin add TELEGRAM_ID" in done.stdout
    kept = wizard.run(typed="\n" * 10 + "n\n")
    assert (kept.returncode, "Nothing was written" in kept.stderr) == (1, True)


def test_who_opens_the_link_becomes_the_first_admin(wizard: Wizard, telegram: RemoteSandbox) -> None:
    anna, other = telegram.person("Anna"), telegram.person("Other")
    with wizard.starts("--yes", "--token", TOKEN, *ALL, "--admin", "me") as process:
        assert process.stderr is not None
        link = next(match[0] for line in process.stderr if (match := re.search(r"https://t\.me/\S+", line)))
        other.says("/start setup-guessed")
        threading.Thread(target=anna.starts, args=(link,)).start()
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert f"Anna ({anna.id}) opened it" in err
    assert wizard.values()["FIRST_ADMIN"] == str(anna.id)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--token", "4242:wrong-token", *ALL), "Telegram refuses the log-in"),
        (("--token", "abc", *ALL), "BOT_TOKEN is wrong"),
        (("--token", TOKEN), "--api-id .*--api-hash .*--domain"),
        (("--token-file", "/nowhere/token", *ALL), "/nowhere/token cannot be read"),
        (("--token", TOKEN, *ALL, "--set", "LINK_TTL"), "not NAME=VALUE"),
        (("--token", TOKEN, *ALL, "--set", "LINK_TTL=soon"), "LINK_TTL is wrong"),
    ],
)
def test_a_mistake_ends_in_words_and_writes_nothing(
    wizard: Wizard, arguments: tuple[str, ...], said: str
) -> None:
    done = wizard.run("--yes", *arguments)
    assert done.returncode != 0
    assert re.search(said, done.stderr, re.DOTALL), done.stderr
    assert "Traceback" not in done.stderr
    assert not wizard.env.exists()


def test_without_telegram_it_says_so_and_can_go_on_unchecked(tmp_path: Path) -> None:
    away = Wizard(tmp_path, {"ENV": "sandbox", "TELEGRAM_SANDBOX": "127.0.0.1:1:1:ab"})
    done = away.run("--yes", "--token", TOKEN, *ALL)
    assert (done.returncode, "Telegram does not answer" in done.stderr) == (1, True), done.stderr
    assert away.outcome("--token", TOKEN, *ALL, "--no-check")["bot"] == ""
    assert away.values()["BOT_TOKEN"] == TOKEN


def test_a_shop_in_containers_gets_what_compose_asks_for(wizard: Wizard) -> None:
    outcome = wizard.outcome("--token", TOKEN, *ALL, "--containers", "--store-domain", "files.example")
    compose = (PROJECT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{([A-Z0-9_]+):\?", compose))
    assert asked <= wizard.values().keys()
    assert outcome["files"] == [str(wizard.env)]
    assert outcome["next"][:2] == ["scripts/deploy/release secrets", "scripts/deploy/release deploy"]
