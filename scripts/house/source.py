"""Reads a checkout's Python files, without importing any of them."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PACKAGES = ("schemas", "core", "bot", "api", "workers", "scripts")  # what is shipped
TESTS = "tests"
_SKIPPED_FOLDERS = {"__pycache__", "versions"}  # migrations are written once and never changed


@dataclass(frozen=True)
class Module:
    """One Python file that is not empty. `name` is dotted (core.kit.db); a package has its own name."""

    name: str
    path: str
    text: str

    @property
    def package(self) -> str:
        """The top package: core, api, tests, ..."""
        return self.name.partition(".")[0]

    @property
    def is_package(self) -> bool:
        """Whether the file is the `__init__.py` of a folder."""
        return self.path.endswith("__init__.py")

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return len(self.text.splitlines())

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of its syntax tree, in the order of ast.walk."""
        return list(ast.walk(ast.parse(self.text, self.path)))


@dataclass(frozen=True)
class Place:
    """Where something was counted: file, line and what stands there."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.what}"


def read_modules(tree: Path) -> list[Module]:
    """Read the modules of our packages and of the tests below a checkout's folder.

    Empty files are left out (they mark a folder and hold nothing), and so are migrations. Raises
    SyntaxError for a file that this Python cannot parse, FileNotFoundError for a folder that holds none
    of our packages.
    """
    modules = [
        Module(_dotted(path.relative_to(tree)), str(path.relative_to(tree)), text)
        for package in (*PACKAGES, TESTS)
        for path in sorted((tree / package).rglob("*.py"))
        if not _SKIPPED_FOLDERS & set(path.parts) and (text := path.read_text(encoding="utf-8")).strip()
    ]
    if not modules:
        raise FileNotFoundError(f"No package of ours in {tree}")
    return modules


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
