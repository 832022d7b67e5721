"""Answers to the wizard: what can be used is written down in one form, and mistakes are answered in words."""

from pathlib import Path

import pytest

from scripts.embedded.runfile import own_secrets
from scripts.wizard.answers import (
    WizardError,
    checked,
    domain,
    for_containers,
    for_this_machine,
    without_files,
)

ANSWERS = {"BOT_TOKEN": "42:abc", "SHOP_DOMAIN": "shop.example", "SHOP_NAME": "Été"}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("shop.example", "shop.example"),
        (" HTTPS://Shop.Example/ ", "shop.example"),
        ("atelier-été.fr", "xn--atelier-t-i4ab.fr"),
        ("shop.localhost", "shop.localhost"),
    ],
)
def test_a_name_is_taken_as_people_paste_it(typed: str, name: str) -> None:
    assert domain(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "shop",
        "shop.example:8443",
        "shop.example/app",
        "192.0.2.7",
        "*.example.org",
        "a b.org",
        "-a.org",
        "a..b",
    ],
)
def test_what_is_no_name_is_refused_with_what_to_type(typed: str) -> None:
    with pytest.raises(WizardError, match=r"shop\.example\.org"):
        domain(typed)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("BOT_TOKEN", "abc", "BOT_TOKEN is wrong.*BotFather"),
        ("TELEGRAM_API_ID", "twelve", "TELEGRAM_API_ID is wrong"),
        ("FIRST_ADMIN", "@anna", "FIRST_ADMIN is wrong"),
        ("SHOP_NAME", "a\x07b", "SHOP_NAME holds a character"),
        ("SHOP_NAM", "x", "no setting SHOP_NAM"),
    ],
)
def test_a_mistake_is_answered_by_its_own_name(name: str, typed: str, said: str) -> None:
    with pytest.raises(WizardError, match=said):
        checked(name, typed)


def test_a_shop_of_this_machine_is_reached_by_one_name_on_fixed_ports(tmp_path: Path) -> None:
    values = for_this_machine(ANSWERS, {}, "", tmp_path)
    assert values["PUBLIC_URL"] == values["S3_PUBLIC_ENDPOINT"] == "https://shop.example"
    assert (values["API_PORT"], values["STORE_PORT"], values["TRUSTED_PROXY"]) == ("8000", "8333", "yes")
    assert values["LINK_SECRET"] == own_secrets(tmp_path)[1]
    two = for_this_machine(ANSWERS, {"API_PORT": "9000", "LINK_SECRET": "kept"}, "files.example", tmp_path)
    assert two["S3_PUBLIC_ENDPOINT"] == "https://files.example"
    assert (two["API_PORT"], two["LINK_SECRET"]) == ("9000", "kept")


def test_a_shop_in_containers_gets_every_secret_once() -> None:
    first = for_containers(ANSWERS, {}, "files.example")
    assert len({value for name, value in first.items() if "PASSWORD" in name}) == 3
    assert (first["BOT_ID"], len(first["LINK_SECRET"])) == ("42", 64)
    again = for_containers(ANSWERS, first, "")
    assert again == first
    for store in ("", "shop.example"):
        with pytest.raises(WizardError, match="--store-domain"):
            for_containers(ANSWERS, {}, store)


def test_a_secret_that_stands_in_a_file_is_not_written_beside_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("42:abc\n")
    before = {"BOT_TOKEN_FILE": str(tmp_path / "token")}
    assert without_files(ANSWERS, before) == {k: v for k, v in ANSWERS.items() if k != "BOT_TOKEN"}
    with pytest.raises(WizardError, match="BOT_TOKEN stands in the file"):
        without_files({"BOT_TOKEN": "43:new"}, before)
