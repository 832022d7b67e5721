"""Whether what our code reads of Stripe's objects exists in the contract. No data could hide it."""

import ast
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
from msgspec.structs import fields as struct_fields

from tests.contract.judge import MAPS, PAGES, flat
from tests.contract.source import Field, Place, fields, resolve, unquoted

PAGE_FIELDS = ("object", "has_more", "url")


def absent(struct: type[msgspec.Struct], place: Place) -> list[str]:
    """The paths that a struct reads and the contract's class does not have."""
    return [path for path in paths(struct) if not exists(place, path)]


def paths(struct: type[msgspec.Struct], at: str = "") -> Iterator[str]:
    """The dotted names of the leaves that a struct reads, as `items.data.current_period_end`.

    Lists and what may be null are looked through. A struct that contains itself is not for this.
    """
    for field in struct_fields(struct):
        path = f"{at}{field.encode_name}"
        inner = list(_structs(field.type))
        for one in inner:
            yield from paths(one, f"{path}.")
        if not inner:
            yield path


def _structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for part in get_args(kind):
        yield from _structs(part)


def exists(place: Place, path: str) -> bool:
    """Whether a dotted path leads somewhere in a class of the library; a leaf has nothing below it."""
    first, _, rest = path.partition(".")
    field = fields(place).get(first)
    return field is not None and (not rest or _leads(_targets(field.annotation, field), rest))


def _leads(targets: "list[Place | Page | None]", path: str) -> bool:
    first, _, rest = path.partition(".")
    for target in targets:
        if isinstance(target, Page):
            if first in PAGE_FIELDS or (first == "data" and (not rest or _leads(target.targets, rest))):
                return True
        elif target is None or exists(target, path):  # None: any name at all
            return True
    return False


class Page:
    """A list object, whose `data` has these."""

    def __init__(self, targets: "list[Place | Page | None]") -> None:
        self.targets = targets


def _targets(node: ast.expr, field: Field) -> "list[Place | Page | None]":
    """The classes that an annotation leads to; None where the names below are free, as those of metadata."""
    node = unquoted(node)
    if isinstance(node, ast.BinOp):
        return [target for part in flat(node) for target in _targets(part, field)]
    if isinstance(node, ast.Subscript):
        head = ast.unparse(node.value).rpartition(".")[2]
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if head == "Literal":
            return []
        found = [target for part in parts for target in _targets(part, field)]
        if head in PAGES:
            return [Page(found)]
        return [*found, None] if head in MAPS else found
    place = resolve(field.place, ast.unparse(node))
    return [] if place is None else [place]
