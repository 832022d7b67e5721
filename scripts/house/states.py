"""Counts the states that a type checker cannot know: `move(order, "deliverd")` passes where it takes `str`.

The types of states are the `Literal` aliases of the tree; the words of states are the members of those
aliases of `schemas` whose name ends in State or Status. Syntax alone is read, so this is a best effort:

* a *string* is counted where such a word is compared with, assigned to or passed for something called
  `state` or `status` (or `..._state`, `..._status`), is passed for a parameter of ours called `to`,
  `source`, `target`, `before` or `after`, or stands in a constant that holds nothing but such words;
* it is of a state type where the annotation of what it meets names one: the parameter, the field of the
  class that the variable is annotated with, or that it is assigned from; where none can be read, every
  field of that name in the tree;
* SQL in strings and calls of libraries (`.values(status="paid")`) are not read: no type reaches there.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from scripts.house.source import Module, Place

_ALSO_STATES = {"to", "source", "target", "before", "after"}  # only as parameters of ours


@dataclass
class Declarations:
    """What a tree declares: its types of states and the annotations of fields and parameters.

    `fields` is by class and field, `parameters` by function (or class, for its fields) and parameter, in
    their order, `returns` the names in what a function returns. Namesakes are put together.
    """

    types: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    fields: dict[str, dict[str, ast.expr]] = field(default_factory=lambda: defaultdict(dict))
    parameters: dict[str, list[ast.arg]] = field(default_factory=lambda: defaultdict(list))
    returns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def is_typed(self, annotation: ast.expr | None) -> bool:
        """Whether an annotation names a type of states."""
        return bool(_names_in(annotation) & (self.types | {"Literal"}))


def read_declarations(modules: list[Module]) -> Declarations:
    """Gather the declarations of the shipped packages, on which `state_strings` leans."""
    declared = Declarations()
    for module in modules:
        for node in module.nodes:
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.Subscript(value=ast.Name(id="Literal"))
                ):
                    declared.types.add(name)
                    if module.package == "schemas" and name.endswith(("State", "Status")):
                        declared.words |= set(_strings(node.value))
                case ast.ClassDef():
                    _declare_class(declared, node)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    declared.parameters[node.name] += [*node.args.args, *node.args.kwonlyargs]
                    declared.returns[node.name] |= _names_in(node.returns)
    return declared


def state_strings(module: Module, declared: Declarations) -> list[Place]:
    """The words of states that stand where no type of states is asked for."""
    places = []
    for node, variables in _nodes_with_variables(module, declared):
        for word, typed in _meetings(node, declared, variables):
            if not typed and word.value in declared.words:
                places.append(Place(module.path, word.lineno, repr(word.value)))
    return places


def untyped_holders(module: Module, declared: Declarations) -> list[Place]:
    """The fields and parameters called state or status that are annotated with `str`."""
    return [
        Place(module.path, node.lineno, ast.unparse(node))
        for node in module.nodes
        if (name := _annotated_name(node)) is not None and _is_state_name(name)
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None
        if not declared.is_typed(node.annotation) and _holds_text(node.annotation)
    ]


def _declare_class(declared: Declarations, node: ast.ClassDef) -> None:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
            declared.fields[node.name][name] = statement.annotation
            declared.parameters[node.name].append(ast.arg(name, statement.annotation))


def _nodes_with_variables(
    module: Module, declared: Declarations
) -> Iterator[tuple[ast.AST, dict[str, ast.expr]]]:
    """Each node with the annotations of the parameters and variables of the function around it."""
    around: dict[int, dict[str, ast.expr]] = {}
    for node in module.nodes:  # breadth first: an inner function overwrites what its outer one wrote
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            variables = {
                name: inner.annotation
                for inner in ast.walk(node)
                if isinstance(inner, ast.arg | ast.AnnAssign)
                and (name := _annotated_name(inner)) is not None
                and inner.annotation is not None
            }
            _infer(node, variables, declared)
            around.update((id(inner), variables) for inner in ast.walk(node))
    for node in module.nodes:
        yield node, around.get(id(node), {})


def _infer(function: ast.AST, variables: dict[str, ast.expr], declared: Declarations) -> None:
    """Add what variables without annotation are assigned: the classes that the expression names, or that
    the functions it calls return; a field's type where it is a field."""
    for node in ast.walk(function):
        for target, source in _assignments(node):
            if not isinstance(target, ast.Name) or target.id in variables:
                continue
            if isinstance(source, ast.Attribute) or _is_state_name(target.id):
                if _holder_is_typed(source, declared, variables):
                    variables[target.id] = ast.Name("Literal")
                continue
            names = _names_in(source)
            for call in ast.walk(source):
                if isinstance(call, ast.Call):
                    names |= declared.returns.get(_last_name(call.func) or "", set())
            if classes := names & declared.fields.keys():
                variables[target.id] = ast.Tuple([ast.Name(each) for each in sorted(classes)])


def _assignments(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=sources)):
            return list(zip(targets, sources, strict=False))
        case ast.Assign(targets=[target], value=source) | ast.NamedExpr(target=target, value=source):
            return [(target, source)]
        case ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source):
            return [(target, source)]
    return []


def _meetings(
    node: ast.AST, declared: Declarations, variables: dict[str, ast.expr]
) -> Iterator[tuple[ast.Constant, bool]]:
    """The strings that this node brings together with a state, and whether that one has a type of states."""
    match node:
        case ast.Compare(left=left, comparators=[right]):
            for holder, strings in ((left, right), (right, left)):
                if _is_state_name(_last_name(holder)):
                    typed = _holder_is_typed(holder, declared, variables)
                    yield from ((word, typed) for word in _constants(strings))
        case ast.Assign(targets=[target], value=right) if _is_state_name(_last_name(target)):
            typed = _holder_is_typed(target, declared, variables)
            yield from ((word, typed) for word in _constants(right))
        case ast.AnnAssign(target=target, value=ast.expr() as right) if _is_state_name(_last_name(target)):
            yield from ((word, declared.is_typed(node.annotation)) for word in _constants(right))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as right) if name.isupper():
            typed = declared.is_typed(node.annotation)
            yield from ((word, typed) for word in _words_alone(right, declared))
        case ast.Assign(targets=[ast.Name(id=name)], value=right) if name.isupper():
            yield from ((word, False) for word in _words_alone(right, declared))
        case ast.Call():
            yield from _meetings_of_call(node, declared)


def _meetings_of_call(node: ast.Call, declared: Declarations) -> Iterator[tuple[ast.Constant, bool]]:
    parameters = declared.parameters.get(_last_name(node.func) or "", [])
    by_name = {parameter.arg: parameter for parameter in parameters}
    passed = [*zip(parameters, node.args, strict=False)]
    passed += [(by_name[word.arg], word.value) for word in node.keywords if word.arg in by_name]
    for parameter, argument in passed:
        if _is_state_name(parameter.arg) or parameter.arg in _ALSO_STATES:
            typed = declared.is_typed(parameter.annotation)
            yield from ((word, typed) for word in _constants(argument))


def _holder_is_typed(holder: ast.expr, declared: Declarations, variables: dict[str, ast.expr]) -> bool:
    match holder:
        case ast.Name(id=name) if name in variables:
            return declared.is_typed(variables[name])
        case ast.Name(id=name):
            return _all_typed(_fields_of("", None, name.rpartition("_")[2], declared), declared)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return _all_typed(_fields_of(name, variables.get(name), attribute, declared), declared)
        case ast.Call(args=[column]):  # col(Order.status)
            return _holder_is_typed(column, declared, variables)
    return False


def _fields_of(
    name: str, annotation: ast.expr | None, attribute: str, declared: Declarations
) -> list[ast.expr]:
    """The annotations that `name.attribute` may have: of its class, else of each field of that name."""
    classes = {name} | _names_in(annotation)
    by_class = {owner: fields[attribute] for owner, fields in declared.fields.items() if attribute in fields}
    return [by_class[owner] for owner in classes & by_class.keys()] or list(by_class.values())


def _all_typed(annotations: list[ast.expr], declared: Declarations) -> bool:
    states = [each for each in annotations if _holds_text(each) or declared.is_typed(each)]
    return bool(states) and all(declared.is_typed(each) for each in states)


def _words_alone(collection: ast.expr, declared: Declarations) -> list[ast.Constant]:
    """The strings of a collection, if there are several and all are words of states (of a dict, its keys)."""
    parts = [key for key in collection.keys if key] if isinstance(collection, ast.Dict) else [collection]
    words = [
        node
        for part in parts
        for node in _outside_comparisons(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return words if len(words) > 1 and {word.value for word in words} <= declared.words else []


def _outside_comparisons(expression: ast.AST) -> Iterator[ast.AST]:
    """Each node but those of comparisons, which `_meetings` reads with what the word is compared to."""
    if not isinstance(expression, ast.Compare):
        yield expression
        for child in ast.iter_child_nodes(expression):
            yield from _outside_comparisons(child)


def _constants(expression: ast.expr) -> list[ast.Constant]:
    """The strings an expression may be: itself, a collection's members, a condition's two arms."""
    match expression:
        case ast.Constant(value=str()):
            return [expression]
        case ast.Tuple(elts=members) | ast.List(elts=members) | ast.Set(elts=members):
            return [word for member in members for word in _constants(member)]
        case ast.IfExp(body=body, orelse=other):
            return [*_constants(body), *_constants(other)]
    return []


def _strings(alias: ast.expr) -> Iterator[str]:
    for node in ast.walk(alias):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _annotated_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.arg):
        return node.arg
    return _last_name(node.target) if isinstance(node, ast.AnnAssign) else None


def _names_in(annotation: ast.expr | None) -> set[str]:
    """The names in an annotation, also in one that is written as a string."""
    names: set[str] = set()
    for node in ast.walk(annotation) if annotation is not None else ():
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= _names_in(_parsed(node.value))
    return names


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:  # a member of a Literal, like "sent by hand"
        return None


def _holds_text(annotation: ast.expr) -> bool:
    """Whether an annotation says `str`, or some of them (`tuple[str, ...]`), but not a dictionary."""
    names = _names_in(annotation)
    return "str" in names and not names & {"dict", "Mapping", "Callable"}


def _last_name(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Name(id="col"), args=[column]):
            return _last_name(column)
    return None


def _is_state_name(name: str | None) -> bool:
    return name is not None and name.rpartition("_")[2] in ("state", "status")
