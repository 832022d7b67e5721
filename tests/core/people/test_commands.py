"""A person is shown what their roles allow, and nothing that would be refused."""

from typing import get_args

import pytest

from core.kit.languages import LANGUAGES
from core.kit.permissions import allowed
from core.people.commands import (
    EVERYBODY,
    SELLERS,
    STAFF,
    command_lines,
    menu_of,
    seller_commands,
    staff_commands,
)
from schemas.people import Role

DESCRIPTION = 256  # characters, core.telegram.org/bots/api#botcommand


def test_each_role_sees_its_own() -> None:
    assert menu_of(["buyer"]) == list(EVERYBODY)
    assert seller_commands(["buyer", "seller"]) == ["channels", "plans", "members", "cards", "statement"]
    support = ["questions", "orders", "payments", "events", "moderation", "members"]
    assert staff_commands(["buyer", "support"]) == support
    assert staff_commands(["buyer", "admin"]) == [*support, "sellers"]
    assert menu_of(["buyer", "support"])[: len(support)] == support


@pytest.mark.parametrize("role", get_args(Role))
def test_nothing_is_shown_that_would_be_refused(role: Role) -> None:
    assert all(allowed([role], STAFF[name]) for name in staff_commands([role]))
    assert all(allowed([role], SELLERS[name]) for name in seller_commands([role]))
    assert len(menu_of([role, "seller"])) == len(set(menu_of([role, "seller"])))


def test_a_ban_outweighs_all_roles() -> None:
    assert staff_commands(["admin", "banned"]) == seller_commands(["seller", "banned"]) == []


def test_every_command_says_what_it_does_as_briefly_as_telegram_asks() -> None:
    for language in LANGUAGES:
        lines = command_lines(language, {*EVERYBODY, *SELLERS, *STAFF}).splitlines()
        assert all(" – " in line and len(line) <= DESCRIPTION for line in lines)
