"""Imported before Pyrogram: its types are imported one by one, when they are first asked for.

Pyrogram imports all 2,500 constructors and calls of Telegram's schema, of which a shop meets some 250: the
others take 19 MiB of a process and a quarter of its start. Its 600 base types stand in annotations alone.

A name that stands in `sys.modules` is not imported
(https://docs.python.org/3/reference/import.html#the-module-cache); whoever has imported it already keeps it.
"""

import re
import sys
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

IMPORT = re.compile(r"^from \.(\w+) import (\w+)$", re.M)


class Names(ModuleType):
    """A module of which only names in annotations are used: each is `object`, or a module like this one."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return object if name[0].isupper() else Names(name)


class Package(ModuleType):
    """A package of generated types, each in a file of its own, which is imported when it is asked for."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name)
        self.__path__ = [str(folder)]

    @cached_property
    def _files(self) -> Mapping[str, str]:
        """The module of each type, as the package's own text imports it."""
        text = (Path(self.__path__[0]) / "__init__.py").read_text()
        return {name: module for module, name in IMPORT.findall(text)}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._files:
            value = getattr(import_module(f"{self.__name__}.{self._files[name]}"), name)
            setattr(self, name, value)
            return value
        try:
            return import_module(f"{self.__name__}.{name}")
        except ModuleNotFoundError:
            raise AttributeError(f"{self.__name__} has no {name}") from None


class Constructors(dict[int, Any]):
    """The types by the numbers that stand before them on the wire; empty to whoever goes through it."""

    def __init__(self, names: Mapping[int, str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, number: int) -> Any:
        package, _, name = self._names[number].rpartition(".")
        self[number] = getattr(import_module(package), name)
        return self[number]


def _put_in_place() -> None:
    found = find_spec("pyrogram")
    assert found is not None
    assert found.submodule_search_locations is not None
    raw = Path(found.submodule_search_locations[0], "raw")
    for text in (*raw.glob("types/**/__init__.py"), *raw.glob("functions/**/__init__.py")):
        name = ".".join(("pyrogram.raw", *text.parent.relative_to(raw).parts))
        sys.modules[name] = Package(name, text.parent)
    sys.modules["pyrogram.raw.base"] = Names("pyrogram.raw.base")
    sys.modules["pyrogram.raw.all"] = _numbers(raw / "all.py")


def _numbers(file: Path) -> ModuleType:
    spec = spec_from_file_location("pyrogram.raw.all", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.__dict__["objects"] = Constructors(module.__dict__["objects"])
    return module


if "pyrogram" not in sys.modules:
    _put_in_place()
