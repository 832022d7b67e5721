"""Pyrogram works with the names of its base types."""

import subprocess
import sys
from typing import Any

from core.telegram.base_types import Names

PROGRAM = """
import core.telegram.base_types

from pyrogram import raw

print(type(raw.base).__name__, len(raw.types.User(id=7).write()) > 8)
"""


def test_each_name_is_a_type_or_a_module() -> None:
    names: Any = Names("pyrogram.raw.base")
    assert dict[int, names.User] | None  # as an annotation says it
    assert names.account.Password is object
    assert not hasattr(names, "__path__")


def test_pyrogram_is_imported_with_names_alone() -> None:
    program = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert program.stdout.split() == ["Names", "True"]
