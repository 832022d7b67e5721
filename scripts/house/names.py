"""Counts variables whose names say too little: participles that are not booleans, and bland nouns."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.house.source import Module, Place

PARTICIPLES = frozenset(
    ("told", "given", "found", "asked", "made", "shown", "held", "known", "wanted", "said", "kept", "begun")
)
BLAND = frozenset(("result", "data", "item", "value", "info", "obj"))
_BOOLEAN_CALLS = {"bool", "isinstance", "issubclass", "hasattr", "callable", "any", "all"}


@dataclass(frozen=True)
class Binding:
    """One place that gives a variable, parameter, attribute or loop target its value."""

    name: str
    line: int
    boolean: bool


def bindings(module: Module) -> Iterator[Binding]:
    """Every binding of a module. Functions, classes and imports bind too, but are no variables.

    A binding is boolean where its annotation says `bool`, or where what is assigned is a comparison, a
    `not`, True or False, an `and`/`or` of such, a name that the module annotates with `bool`, or a call
    of bool, isinstance, issubclass, hasattr, callable, any or all. A parameter without annotation is
    boolean by such a default.
    """
    flags = {name for node in module.nodes if (name := _annotated_boolean(node)) is not None}
    booleans = {id(target) for node in module.nodes for target in _boolean_targets(node, flags)}
    for node in module.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield Binding(node.id, node.lineno, id(node) in booleans)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield Binding(node.attr, node.lineno, id(node) in booleans)
        elif isinstance(node, ast.arg):
            yield Binding(node.arg, node.lineno, id(node) in booleans)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield Binding(node.name, node.lineno, False)


def weak_names(module: Module) -> tuple[list[Place], list[Place]]:
    """The bindings of the twelve participles that are not boolean, and those of the six bland nouns."""
    participles, bland = [], []
    for binding in bindings(module):
        place = Place(module.path, binding.line, binding.name)
        if binding.name in PARTICIPLES and not binding.boolean:
            participles.append(place)
        elif binding.name in BLAND:
            bland.append(place)
    return participles, bland


def _annotated_boolean(node: ast.AST) -> str | None:
    match node:
        case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name), annotation=annotation):
            return name if _says_bool(annotation) else None
        case ast.arg(arg=name, annotation=ast.expr() as annotation):
            return name if _says_bool(annotation) else None
    return None


def _boolean_targets(node: ast.AST, flags: set[str]) -> list[ast.AST]:
    if isinstance(node, ast.AnnAssign):
        return [node.target] if _says_bool(node.annotation) else []
    if isinstance(node, ast.arg):
        return [node] if node.annotation is not None and _says_bool(node.annotation) else []
    if isinstance(node, ast.Assign):
        return [target for target in node.targets if _is_boolean(node.value, flags)]
    if isinstance(node, ast.NamedExpr):
        return [node.target] if _is_boolean(node.value, flags) else []
    if isinstance(node, ast.arguments):
        return _parameters_with_boolean_default(node)
    return []


def _parameters_with_boolean_default(arguments: ast.arguments) -> list[ast.AST]:
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(reversed(positional), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return [
        arg for arg, default in pairs if arg.annotation is None and default and _is_boolean(default, set())
    ]


def _says_bool(annotation: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "bool" for node in ast.walk(annotation)) and not any(
        isinstance(node, ast.Subscript) for node in ast.walk(annotation)
    )


def _is_boolean(expression: ast.expr, flags: set[str]) -> bool:
    match expression:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.Constant(value=bool()):
            return True
        case ast.BoolOp(values=values):
            return all(_is_boolean(operand, flags) for operand in values)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in flags
        case ast.Call(func=ast.Name(id=name)):
            return name in _BOOLEAN_CALLS
    return False
