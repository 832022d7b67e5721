"""The addresses of Stripe's API, with the classes of their parameters and answers."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.contract.source import LIBRARY, Place, find, names, root, tree

ADDRESS = re.compile(r'"(/v[12]/[^"]*)"')


@dataclass(frozen=True)
class Route:
    """One operation. `params` and `answer` are None where the library knows none."""

    verb: str
    path: str
    params: Place | None
    answer: ast.expr | None
    scope: Place
    """Where the names in `answer` are looked up."""


def route(verb: str, path: str) -> Route | None:
    """The operation of a request, as `POST /v1/refunds`; a literal address goes before `{refund}`."""
    found = [
        one
        for pattern, module in _addresses()
        if pattern.fullmatch(path)
        for one in _routes(module)
        if one.verb == verb and _pattern(one.path).fullmatch(path)
    ]
    return min(found, key=lambda one: one.path.count("{"), default=None)


@cache
def _addresses() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Which module has which address, found in the text: parsing all of them takes a second."""
    found = {}
    for source in sorted(root().rglob("_*_service.py")):
        module = ".".join([LIBRARY, *source.relative_to(root()).with_suffix("").parts])
        for path in ADDRESS.findall(source.read_text()):
            found[path, module] = _pattern(path)
    return tuple((pattern, module) for (_, module), pattern in found.items())


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


@cache
def _routes(module: str) -> tuple[Route, ...]:
    return tuple(_read(module))


def _read(module: str) -> Iterator[Route]:
    for service in (node for node in tree(module).body if isinstance(node, ast.ClassDef)):
        for function in (node for node in service.body if isinstance(node, ast.FunctionDef)):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "self._request":
                    verb, address = (_text(argument) for argument in call.args[:2])
                    scope = Place(module, ())
                    yield Route(verb.upper(), address, _params(module, function), function.returns, scope)


def _text(node: ast.expr) -> str:
    """A literal, or the one that `.format` is called on."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _params(module: str, function: ast.FunctionDef) -> Place | None:
    arguments = [*function.args.posonlyargs, *function.args.args]
    annotation = next((one.annotation for one in arguments if one.arg == "params" and one.annotation), None)
    name = re.search(r"\w+Params\b", ast.unparse(annotation)) if annotation is not None else None
    known = names(module).get(name[0]) if name else None
    return find(known[0].removeprefix(f"{LIBRARY}."), known[1]) if isinstance(known, tuple) else None
