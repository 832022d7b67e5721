"""Counts calls that hand a whole dictionary to a function of ours (`rule(session, **params)`)."""

import ast
from dataclasses import dataclass

from scripts.house.source import PACKAGES, Module, Place


@dataclass(frozen=True)
class Callables:
    """The functions and classes of the shipped packages by their bare names; namesakes are put together.

    `open` are the functions that take any keyword themselves (`**params`), as those that fill a text do.
    """

    functions: frozenset[str]
    open: frozenset[str]


def read_callables(modules: list[Module]) -> Callables:
    """Gather the functions of the shipped packages, methods left out."""
    functions = [
        node
        for module in modules
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (not node.args.args or node.args.args[0].arg not in ("self", "cls"))
    ]
    return Callables(
        frozenset(function.name for function in functions),
        frozenset(function.name for function in functions if function.args.kwarg),
    )


def packs_into_rules(module: Module, callables: Callables) -> list[Place]:
    """The calls with `**` of functions of ours that name their parameters.

    Left out are libraries, methods (what they belong to cannot be read from syntax), classes that a row
    or a decoded message fills, and functions that take any keyword.
    """
    ours = _names_of_ours(module)
    return [
        Place(module.path, node.lineno, f"{ast.unparse(node.func)}(**{ast.unparse(keyword.value)})")
        for node in module.nodes
        if isinstance(node, ast.Call)
        and _root(node.func) in ours
        and _name(node.func) in callables.functions - callables.open
        for keyword in node.keywords
        if keyword.arg is None
    ]


def _names_of_ours(module: Module) -> set[str]:
    names = set()
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PACKAGES:
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def _name(function: ast.expr) -> str | None:
    return function.attr if isinstance(function, ast.Attribute) else _root(function)


def _root(function: ast.expr) -> str | None:
    """`pay` of `pay(...)` and `orders` of `orders.pay(...)`: a name, or a module that was imported."""
    while isinstance(function, ast.Attribute):
        function = function.value
    return function.id if isinstance(function, ast.Name) else None
