"""A field of the settings: where its text comes from, and what is shown when it is wrong."""

from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from core.kit.errors import SettingError
from core.process.setting_fields import parse, read_text, variable
from core.process.setting_values import positive


@dataclass
class Example:
    """Two settings, one of them a secret."""

    pool: int = variable("Connections kept", default=5, parse=positive)
    pin: int = variable("A number that nobody sees", default=1, parse=positive, roles=("api",), secret=True)


POOL, PIN = fields(Example)


def test_a_text_comes_from_its_variable_or_from_the_file_that_is_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    assert read_text({"NAME": "from the variable"}, "NAME") == "from the variable"
    assert read_text({"NAME": "ignored", "NAME_FILE": str(secret)}, "NAME") == "from a file"
    assert read_text({}, "NAME") == ""
    with pytest.raises(SettingError, match="NAME_FILE points to /nowhere"):
        read_text({"NAME_FILE": "/nowhere"}, "NAME")


def test_a_wrong_text_is_shown_unless_it_is_a_secret() -> None:
    assert parse(POOL, "7") == 7
    with pytest.raises(SettingError, match=r"POOL is wrong: 'many' was refused .* Connections kept"):
        parse(POOL, "many")
    with pytest.raises(SettingError, match="PIN is wrong: its value was refused") as refused:
        parse(PIN, "hush")
    assert "hush" not in str(refused.value)


def test_a_secret_is_not_in_what_is_printed() -> None:
    assert repr(Example(pin=1234)) == "Example(pool=5)"
    assert PIN.metadata["roles"] == ("api",)
