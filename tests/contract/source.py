"""The source of Stripe's official Python library, read as text.

Each of its modules of objects and parameters says "File generated from our OpenAPI spec": they are Stripe's
contract of one version (https://docs.stripe.com/api/versioning), pinned in requirements.lock. Nothing of it
is imported here.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LIBRARY = "stripe"
NOT_OURS = ("StripeObject", "TypedDict", "RequestOptions")
"""Base classes that hold no field of Stripe's objects."""


@dataclass(frozen=True)
class Place:
    """A class of the library: its module, and the classes around it down to itself."""

    module: str
    chain: tuple[ast.ClassDef, ...]

    @property
    def name(self) -> str:
        """Its name with those of the classes around it, as `Invoice.Parent`."""
        return ".".join(node.name for node in self.chain)


@dataclass(frozen=True)
class Field:
    """A field of a class: how it is annotated, and where the names in that are looked up."""

    annotation: ast.expr
    place: Place


def root() -> Path:
    """The folder of the library. Raises `LookupError` where the extra `dev` is not installed."""
    spec = find_spec(LIBRARY)
    if spec is None or spec.origin is None:
        raise LookupError("The package stripe is missing: run scripts/setup.")
    return Path(spec.origin).parent


@cache
def tree(module: str) -> ast.Module:
    """The parsed source of a module of the library, named as in an import."""
    path = root().joinpath(*module.split(".")[1:])
    source = path.with_suffix(".py")
    return ast.parse((source if source.exists() else path / "__init__.py").read_text())


@cache
def source_of(node: ast.expr) -> str:
    """A node as it is written; taking it apart anew each time is what judging would spend its time on."""
    return ast.unparse(node)


@cache
def unquoted(node: ast.expr) -> ast.expr:
    """An annotation, without the quotes that it may have."""
    is_quoted = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return ast.parse(str(node.value), mode="eval").body if is_quoted else node  # type: ignore[attr-defined]


@cache
def fields(place: Place) -> dict[str, Field]:
    """The annotated fields of a class, those of its base classes in the same module among them."""
    found: dict[str, Field] = {}
    node = place.chain[-1]
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id not in NOT_OURS:
            parent = resolve(Place(place.module, place.chain[:-1]), base.id)
            if parent is not None and parent.module == place.module:
                found |= fields(parent)
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            is_field = not line.target.id.startswith("_") and not ast.unparse(line.annotation).startswith(
                "ClassVar"
            )
            if is_field:
                # A name that is a word of Python ends with an underscore there: `from_`, `object_`.
                found[line.target.id.rstrip("_")] = Field(line.annotation, place)
    return found


def find(module: str, name: str) -> Place:
    """A class by the library's module, without its first name, and its own: `_refund`, `Refund`.

    Raises `LookupError` where this version of the library has none.
    """
    place = resolve(Place(f"{LIBRARY}.{module}", ()), name)
    if place is None:
        raise LookupError(f"Stripe's library has no {name} in {module}.")
    return place


@cache
def resolve(scope: Place, name: str) -> Place | None:
    """The class that a dotted name means within a class; None: it is not one of the library."""
    first, _, rest = name.partition(".")
    for depth in range(len(scope.chain), 0, -1):
        for node in scope.chain[depth - 1].body:
            if isinstance(node, ast.ClassDef) and node.name == first:
                return _inner(Place(scope.module, (*scope.chain[:depth], node)), rest)
    known = names(scope.module).get(first)
    if isinstance(known, ast.ClassDef):
        return _inner(Place(scope.module, (known,)), rest)
    if known is None or not known[0].startswith(LIBRARY):
        return None
    return resolve(Place(known[0], ()), known[1] + (f".{rest}" if rest else ""))


@cache
def names(module: str) -> dict[str, ast.ClassDef | tuple[str, str]]:
    """What the names of a module are: a class, or what is imported (module, name)."""
    return dict(_names(tree(module).body))


def _names(body: list[ast.stmt]) -> Iterator[tuple[str, ast.ClassDef | tuple[str, str]]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, (node.module, alias.name)
        elif isinstance(node, ast.If):  # `if TYPE_CHECKING:`
            yield from _names(node.body)


def _inner(place: Place, rest: str) -> Place:
    for part in filter(None, rest.split(".")):
        node = next(one for one in place.chain[-1].body if isinstance(one, ast.ClassDef) and one.name == part)
        place = Place(place.module, (*place.chain, node))
    return place
