"""`.env.example` and docs/settings.md say what the settings object says, and compose reads nothing else."""

import dataclasses
import json
import re
import sys

import pytest

from core.process.settings import Settings
from scripts import settings_page
from scripts.embedded.process import PROJECT
from scripts.settings_page import COMPOSE, EXAMPLE, PAGE, example, group_of, groups, page

REFERENCE = re.compile(r"(?<!\$)\$\{([A-Z0-9_]+)")


def test_the_example_file_and_the_page_are_those_of_today() -> None:
    assert EXAMPLE.read_text() == example(), "run: python -m scripts.settings_page --write"
    assert PAGE.read_text() == page(), "run: python -m scripts.settings_page --write"


def test_the_example_file_names_every_variable_and_is_a_shop_of_defaults_once_uncommented() -> None:
    lines = re.findall(r"^# ([A-Z0-9_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)
    shown = dict(lines)
    assert len(lines) == len(shown), "each once"
    names = {field.name.upper() for field in dataclasses.fields(Settings)}
    asked = set(REFERENCE.findall((PROJECT / "docker-compose.yml").read_text()))
    assert shown.keys() >= names | asked
    needed = {"DATABASE_URL": "postgresql://127.0.0.1/shop", "REDIS_URL": "redis://127.0.0.1"}
    empty = Settings.from_environment(needed)
    given = {name: text for name, text in shown.items() if name in names and text}
    assert Settings.from_environment(needed | given) == empty


def test_every_setting_stands_in_one_group_of_its_subject() -> None:
    names = [entry.name for entries in groups().values() for entry in entries]
    assert len(names) == len(set(names))
    assert {field.name.upper() for field in dataclasses.fields(Settings)} <= set(names)
    assert all(group for group in groups())
    assert max(map(len, groups().values())) <= 20, "a subject of its own is due"
    assert group_of()["BOT_TOKEN"] == "Telegram"


def test_whatever_containers_read_from_env_is_explained() -> None:
    asked = set(REFERENCE.findall((PROJECT / "docker-compose.yml").read_text()))
    release = (PROJECT / "scripts/deploy/release").read_text()
    settings = {field.name.upper() for field in dataclasses.fields(Settings)}
    assert asked - settings <= COMPOSE.keys()
    assert [name for name in COMPOSE.keys() - asked if not re.search(rf"\b{name}\b", release)] == []


def test_a_secret_has_no_default_to_be_forgotten() -> None:
    assert not [entry for entries in groups().values() for entry in entries if entry.secret and entry.default]


def test_both_are_shown_for_people_and_machines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["settings_page", "--json"])
    settings_page.main()
    shown = json.loads(capsys.readouterr().out)
    assert {"name": "LINK_TTL", "default": "86400"}.items() <= next(
        entry for entry in shown["Links"] if entry["name"] == "LINK_TTL"
    ).items()
    monkeypatch.setattr(sys, "argv", ["settings_page"])
    settings_page.main()
    assert capsys.readouterr().out.startswith("# Settings")
