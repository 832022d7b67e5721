"""`.env` is changed in place: what somebody wrote stays, and every value reads back as it was meant."""

import io
import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values

from scripts.settings_page import example, group_of
from scripts.wizard.env_file import values_of, with_values, write_private

GROUPS = group_of()
VALUES = [
    "plain",
    "two words",
    "it's",
    'say "hi"',
    "a#b",
    "a $HOME ${X}",
    "back\\slash\\",
    "été ✓",
    "l1\nl2",
    "#",
]


@pytest.mark.parametrize("value", VALUES)
def test_every_value_reads_back_as_it_was_meant(value: str) -> None:
    for before in ("", "SHOP_NAME=before\n", "SHOP_NAME='a\nb'", "# SHOP_NAME=Comptoir", example()):
        text = with_values(before, {"SHOP_NAME": value}, GROUPS)
        assert dotenv_values(stream=io.StringIO(text), interpolate=False) == {"SHOP_NAME": value}
        assert values_of(text) == {"SHOP_NAME": value}


def test_whatever_else_stands_there_stays_as_it_was_written() -> None:
    before = "# mine\nexport OTHER='1'  # why\n\nSHOP_NAME=old\nMANUAL_INSTRUCTIONS='IBAN\nFR76'\n# end"
    after = with_values(before, {"SHOP_NAME": "new", "BOT_TOKEN": "1:a", "LINK_TTL": "60"}, GROUPS)
    assert after == before.replace("old", "new") + (
        "\n\n# --- Links\nLINK_TTL=60\n\n# --- Telegram\nBOT_TOKEN=1:a\n"
    )


def test_a_name_that_is_explained_gets_its_value_beside_the_explanation() -> None:
    lines = with_values(example(), {"BOT_TOKEN": "1:a"}, GROUPS).splitlines()
    assert lines[lines.index("BOT_TOKEN=1:a") - 1].startswith("# From BotFather")
    assert "# BOT_TOKEN=" not in lines


def test_the_file_is_its_owners_alone_however_it_was_before(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("A=1\n")
    real.chmod(0o644)
    link = tmp_path / ".env"
    link.symlink_to(real)
    write_private(link, "A=2\n")
    assert (link.is_symlink(), real.read_text()) == (True, "A=2\n")
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [".env", "real"]
