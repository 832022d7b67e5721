"""Whether a request, an answer or an event is what Stripe's contract says; each fault is a line of text.

It cannot tell null from absent, knows no lengths, and nothing of OAuth, pages or the order of things. Open
enumerations (`Union[Literal[...], str]`) are judged strictly: who sends a new word wants to know.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from tests.contract.routes import route
from tests.contract.source import Field, Place, fields, find, resolve, source_of, unquoted

Coding = Literal["form", "json"]
WHOLE = re.compile(r"-?[0-9]+")
LISTS = ("List", "Sequence")
MAPS = ("Dict", "Mapping", "UntypedStripeObject")
PAGES = ("ListObject", "SearchResultObject")
OBJECTS = {
    "account": "_account.Account",
    "application_fee": "_application_fee.ApplicationFee",
    "balance": "_balance.Balance",
    "billing_portal.configuration": "billing_portal._configuration.Configuration",
    "capability": "_capability.Capability",
    "charge": "_charge.Charge",
    "checkout.session": "checkout._session.Session",
    "customer": "_customer.Customer",
    "dispute": "_dispute.Dispute",
    "file": "_file.File",
    "invoice": "_invoice.Invoice",
    "invoice_payment": "_invoice_payment.InvoicePayment",
    "application": "_application.Application",
    "payment_intent": "_payment_intent.PaymentIntent",
    "payment_method": "_payment_method.PaymentMethod",
    "payout": "_payout.Payout",
    "price": "_price.Price",
    "product": "_product.Product",
    "radar.early_fraud_warning": "radar._early_fraud_warning.EarlyFraudWarning",
    "refund": "_refund.Refund",
    "subscription": "_subscription.Subscription",
    "test_helpers.test_clock": "test_helpers._test_clock.TestClock",
}
"""Which class an object of a snapshot event is, by its own field `object`."""


@dataclass(frozen=True)
class Annotation:
    """How a value is annotated: in which class, under which name, and whether it came in a form."""

    node: ast.expr
    scope: Place
    at: str = ""
    coding: Coding | None = None
    """None: an answer."""

    def of(self, node: ast.expr, at: str | None = None) -> "Annotation":
        """Another node of the same place."""
        return Annotation(node, self.scope, self.at if at is None else at, self.coding)


class Contract:
    """The judge. Has no state: what it reads is kept by `tests.contract.source`."""

    def check_request(self, verb: str, path: str, params: dict[str, Any], coding: Coding) -> list[str]:
        """The faults of a request's parameters, those of the query or of the body."""
        operation = route(verb, path)
        if operation is None:
            return [f"no such route: {verb} {path}"]
        if operation.params is None:
            return [f"{name}: unknown" for name in params]
        return check_fields(params, operation.params, "", coding)

    def check_answer(self, verb: str, path: str, answer: Any) -> list[str]:
        """The faults of an answer of status 200."""
        if isinstance(answer, dict) and answer.get("object") == "v2.core.event":
            return check_thin(answer)
        if verb == "DELETE" and isinstance(answer, dict) and answer.get("deleted"):
            return [f"{name}: unknown" for name in answer if name not in ("id", "object", "deleted")]
        operation = route(verb, path)
        if operation is None or operation.answer is None:
            return [f"no such route: {verb} {path}"]
        return check(answer, Annotation(operation.answer, operation.scope))

    def check_event(self, event: dict[str, Any]) -> list[str]:
        """The faults of a snapshot or thin event, and of the object within."""
        if event.get("object") == "v2.core.event":
            return check_thin(event)
        if event.get("type") not in event_types():
            return [f"{event.get('type')}: no such event"]
        kind = event["data"]["object"].get("object")
        if kind not in OBJECTS:
            return [f"{kind}: an object of no known class"]
        module, _, name = OBJECTS[kind].rpartition(".")
        faults = check_fields(event, find("_event", "Event"), "")
        return faults + check_fields(event["data"]["object"], find(module, name), "data.object.")


@cache
def event_types() -> frozenset[str]:
    """The types of snapshot events that Stripe has."""
    annotation = fields(find("_event", "Event"))["type"].annotation
    constants = [node.value for node in ast.walk(annotation) if isinstance(node, ast.Constant)]
    return frozenset(name for name in constants if isinstance(name, str))


def check_thin(event: dict[str, Any]) -> list[str]:
    """The faults of a thin event, whose related object only the class of its type has."""
    name = re.sub(r"\W+", "_", event["type"].replace("[", ".including_")).strip("_")
    try:
        module = f"events._{name}_event"
        known = find(module, "".join(part.title() for part in name.split("_")) + "Event")
    except (LookupError, FileNotFoundError):
        return [f"{event['type']}: no such event"]
    extra = {"related_object": event.get("related_object"), "data": event.get("data")}
    own = {field: part for field, part in extra.items() if part is not None}
    plain = {field: part for field, part in event.items() if field not in own}
    faults = [f"{field}: unknown" for field in own if field not in fields(known)]
    return faults + check_fields(plain, find("v2.core._event", "Event"), "")


def check_fields(value: Any, place: Place, at: str, coding: Coding | None = None) -> list[str]:
    """The faults of an object against a class of the library."""
    if not isinstance(value, dict):
        return [f"{at.rstrip('.') or 'it'}: not an object of {place.name}: {value!r:.60}"]
    expected = fields(place)
    faults = [
        f"{at}{name}: missing" for name in expected if name not in value and _must(expected[name], coding)
    ]
    for name, part in value.items():
        field = expected.get(name)
        if field is None:
            faults.append(f"{at}{name}: unknown")
        else:
            faults += check(part, Annotation(field.annotation, field.place, at + name, coding))
    return faults


def _must(field: Field, coding: Coding | None) -> bool:
    return not source_of(field.annotation).startswith("NotRequired" if coding else "Optional")


def check(value: Any, annotation: Annotation) -> list[str]:
    """The faults of a value against an annotation."""
    node, at = annotation.node, annotation.at
    node = unquoted(node)
    if isinstance(node, ast.Constant) and node.value is None:
        return [] if value is None else [f"{at}: not null"]
    if isinstance(node, ast.BinOp):
        return _check_any(value, flat(node), annotation)
    if isinstance(node, ast.Subscript):
        return _check_generic(value, node, annotation)
    return _check_plain(value, source_of(node), annotation)


def _check_generic(value: Any, node: ast.Subscript, annotation: Annotation) -> list[str]:
    head = source_of(node.value).rpartition(".")[2]
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if head == "Literal":
        return _check_word(value, [word_of(part) for part in parts], annotation)
    if head == "Union":
        return _check_any(value, parts, annotation)
    if (head == "Optional" and value is None) or (head == "ExpandableField" and isinstance(value, str)):
        return []
    if head in ("NotRequired", "Optional", "ExpandableField"):
        return check(value, annotation.of(parts[0]))
    if head in LISTS:
        return _check_list(value, parts[0], annotation)
    if head in MAPS:
        return _check_map(value, parts[-1], annotation)
    if head in PAGES:
        return _check_page(value, parts[0], annotation)
    return [f"{annotation.at}: the judge cannot read {ast.unparse(node)}"]


@cache
def word_of(node: ast.expr) -> Any:
    """A word of an enumeration."""
    return ast.literal_eval(node)


def _check_word(value: Any, words: list[Any], annotation: Annotation) -> list[str]:
    allowed = [*words, *(str(word).lower() for word in words)] if annotation.coding == "form" else words
    return [] if value in allowed else [f"{annotation.at}: {value!r:.40} is none of {len(words)} known words"]


def _check_list(value: Any, part: ast.expr, annotation: Annotation) -> list[str]:
    if not isinstance(value, list):
        return [f"{annotation.at}: not a list"]
    places = [annotation.of(part, f"{annotation.at}[{index}]") for index in range(len(value))]
    return [fault for one, place in zip(value, places, strict=True) for fault in check(one, place)]


def _check_map(value: Any, part: ast.expr, annotation: Annotation) -> list[str]:
    if not isinstance(value, dict):
        return [f"{annotation.at}: not an object"]
    return [
        fault
        for name, one in value.items()
        for fault in check(one, annotation.of(part, f"{annotation.at}.{name}"))
    ]


def _check_page(value: Any, part: ast.expr, annotation: Annotation) -> list[str]:
    if not isinstance(value, dict) or not isinstance(value.get("data"), list):
        return [f"{annotation.at}: not a list object"]
    dot = f"{annotation.at}." if annotation.at else ""
    missing = [f"{dot}{name}: missing" for name in ("object", "has_more", "url") if name not in value]
    return missing + _check_list(value["data"], part, annotation.of(part, f"{dot}data"))


def _check_plain(value: Any, name: str, annotation: Annotation) -> list[str]:
    at, is_form = annotation.at, annotation.coding == "form"
    if name in ("Any", "object", "AnyStr"):
        return []
    if name == "str":
        return [] if isinstance(value, str) else [f"{at}: not a text: {value!r:.40}"]
    if name == "int":
        fits = bool(WHOLE.fullmatch(str(value))) if is_form else type(value) is int
        return [] if fits else [f"{at}: not a whole number: {value!r:.40}"]
    if name == "bool":
        fits = value in ("true", "false") if is_form else isinstance(value, bool)
        return [] if fits else [f"{at}: not true or false: {value!r:.40}"]
    if name in ("float", "Decimal"):
        return [] if _is_number(value) else [f"{at}: not a number: {value!r:.40}"]
    place = resolve(annotation.scope, name)
    if place is None:
        return [f"{at}: the judge does not know {name}"]
    return check_fields(value, place, f"{at}." if at else "", annotation.coding)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _check_any(value: Any, parts: Sequence[ast.expr], annotation: Annotation) -> list[str]:
    words = [part for part in parts if source_of(part).startswith("Literal")]
    others = [source_of(part) for part in parts if part not in words]
    if words and others == ["str"]:
        parts = words
    return min((check(value, annotation.of(part)) for part in parts), key=len)


def flat(node: ast.expr) -> list[ast.expr]:
    """The parts of `A | B | C`."""
    return [*flat(node.left), *flat(node.right)] if isinstance(node, ast.BinOp) else [node]
