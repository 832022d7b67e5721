"""Pyrogram works with types that are imported when they are asked for, and names for its base types."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.telegram.lazy_types import Names, Package

PROGRAM = """
import sys
import core.telegram.lazy_types

from io import BytesIO
from pyrogram import Client, raw
from pyrogram.raw.core import TLObject

print(type(raw.base).__name__, sum(name.startswith("pyrogram.raw.") for name in sys.modules) < 400)

user = raw.types.InputPeerUser(user_id=7, access_hash=8)
print(TLObject.read(BytesIO(user.write())) == user, type(user) is raw.types.InputPeerUser)
call = raw.functions.messages.DeleteHistory(peer=raw.types.InputPeerSelf(), max_id=1)
print(TLObject.read(BytesIO(call.write())).write() == call.write(), hasattr(raw.types, "NoSuchType"))
"""
ALL = """
import core.telegram.lazy_types

from importlib import import_module
from pyrogram import raw
from pyrogram.raw.all import objects

for number, name in objects._names.items():
    package, _, kind = name.rpartition(".")
    assert objects[number] is getattr(import_module(package), kind), name
    assert objects[number].__name__ == kind, name
print(len(objects))
"""
EAGER = "from pyrogram.raw.all import objects; import pyrogram; print(len(objects))"


def told_by(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_each_name_is_a_type_or_a_module() -> None:
    names: Any = Names("pyrogram.raw.base")
    assert dict[int, names.User] | None  # as an annotation says it
    assert names.account.Password is object
    assert not hasattr(names, "__path__")


def test_pyrogram_is_imported_with_what_it_needs_alone_and_finds_the_rest() -> None:
    assert told_by(PROGRAM) == ["Names", "True", "True", "True", "True", "False"]


def test_every_type_of_the_schema_is_found_by_its_number_and_its_name() -> None:
    assert told_by(ALL) == told_by(EAGER)


def test_a_fault_inside_a_type_is_told_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "__init__.py").write_text("from .broken import Broken\n")
    (tmp_path / "broken.py").write_text("raise RuntimeError('broken')\n")
    package: Any = Package("lazy_types_of_a_test", tmp_path)
    monkeypatch.setitem(sys.modules, package.__name__, package)
    with pytest.raises(RuntimeError, match="broken"):
        package.Broken  # noqa: B018 - to ask for it imports it
    with pytest.raises(AttributeError, match="has no Other"):
        package.Other  # noqa: B018
