"""Counts who imports whom: modules, the rooms of core, and names that are handed on."""

import ast
from collections.abc import Iterable, Iterator

from scripts.house.source import PACKAGES, TESTS, Module, Place


def imports_of(module: Module, ours: set[str]) -> tuple[set[str], set[str]]:
    """Every module that a module imports, wherever the statement stands: ours, and those of others.

    Ours are counted one by one (`from core.kit import db, rows` is two). Others are counted as they are
    written (`collections.abc` and `collections` are two), the standard library among them.
    """
    own: set[str] = set()
    others: set[str] = set()
    for name, imported in _statements(module):
        if name.partition(".")[0] not in (*PACKAGES, TESTS):
            others.add(name)
        elif imported is not None and f"{name}.{imported}" in ours:
            own.add(f"{name}.{imported}")
        elif name in ours:
            own.add(name)
    return own - {module.name}, others


def arrows(modules: Iterable[Module], ours: set[str]) -> set[tuple[str, str]]:
    """The pairs of rooms of core of which the first imports the second.

    A room is an entry at the top of core: a folder, or a module that stands there alone.
    """
    pairs = set()
    for module in modules:
        if module.package == "core" and "." in module.name:
            for imported in imports_of(module, ours)[0]:
                if imported.startswith("core."):
                    pairs.add((_room(module.name), _room(imported)))
    return {(importer, imported) for importer, imported in pairs if importer != imported}


def reexports(modules: list[Module]) -> list[Place]:
    """Imports that take a name from a module which has itself only imported it."""
    imported_names = {module.name: _names_imported_by(module) for module in modules}
    defined_names = {module.name: set(_defined_in(module)) for module in modules}
    return [
        Place(module.path, node.lineno, f"{alias.name} from {node.module}")
        for module in modules
        for node in module.nodes
        if isinstance(node, ast.ImportFrom) and node.module in imported_names
        for alias in node.names
        if alias.name in imported_names[node.module] - defined_names[node.module]
        and f"{node.module}.{alias.name}" not in imported_names
    ]


def _statements(module: Module) -> Iterator[tuple[str, str | None]]:
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def _room(name: str) -> str:
    return name.split(".")[1]


def _names_imported_by(module: Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in module.nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _defined_in(module: Module) -> Iterator[str]:
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
