"""One call of the API, lists with their cursors, and expanded fields.

https://docs.stripe.com/api/pagination, https://docs.stripe.com/api/expanding_objects.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scripts.sandbox.stripe.book import Account, Book, Thing
from scripts.sandbox.stripe.errors import StripeError, invalid, missing
from scripts.sandbox.stripe.values import PAGE, Table, read

LARGEST_PAGE = 100
DEEPEST = 4  # levels of an expansion
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": int.__gt__,
    "gte": int.__ge__,
    "lt": int.__lt__,
    "lte": int.__le__,
}


@dataclass(frozen=True)
class Call:
    """A request whose sender is known: `ids` are those in its address."""

    account: Account
    path: str
    ids: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)

    def read(self, table: Table) -> dict[str, Any]:
        """Its parameters in their kinds. Raises `StripeError`."""
        return read(self.params, table)


def listing(book: Book, call: Call, kind: str, table: Table) -> Thing:
    """A page of an account's objects, newest first; fields of the table that no page has are filters."""
    params = call.read(table)
    filters = {name: part for name, part in params.items() if name not in PAGE}
    things = [
        thing
        for thing in book.all(call.account, kind)
        if all(thing.get(name) == part for name, part in filters.items())
    ]
    return page(call, things, params)


def page(call: Call, things: list[Thing], params: dict[str, Any]) -> Thing:
    """A page of these objects, which come oldest first. Raises `StripeError` for a cursor of none of them."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= LARGEST_PAGE:
        raise invalid("parameter_invalid_integer", f"Invalid limit: {limit}; it must be 1 to 100.", "limit")
    created = params.get("created", {})
    created = {"gte": created, "lte": created} if isinstance(created, int) else created
    for name, moment in created.items():
        things = [thing for thing in things if COMPARE[name](thing["created"], moment)]
    newest = things[::-1]
    if "starting_after" in params:
        newest = newest[_place(newest, params["starting_after"]) + 1 :]
    if "ending_before" in params:
        before = newest[: _place(newest, params["ending_before"])]
        last_before = before[-limit:]
        return {"object": "list", "data": last_before, "has_more": len(before) > limit, "url": call.path}
    return {"object": "list", "data": newest[:limit], "has_more": len(newest) > limit, "url": call.path}


def _place(things: list[Thing], identity: str) -> int:
    for place, thing in enumerate(things):
        if thing["id"] == identity:
            return place
    raise missing("object", identity, "starting_after")


def expand(book: Book, account: Account, answer: Thing, wishes: list[str]) -> Thing:
    """A copy of an answer with ids replaced by their objects, as `data.latest_charge.refunds` asks."""
    answer = copy.deepcopy(answer)
    for wish in wishes:
        parts = wish.split(".")
        if len(parts) > DEEPEST + (parts[0] == "data"):
            raise invalid(
                "property_expansion_max_depth", "Property expansion depth is limited to 4.", "expand"
            )
        _expand(book, account, answer, parts, wish)
    return answer


def _expand(book: Book, account: Account, thing: Any, parts: list[str], wish: str) -> None:
    if isinstance(thing, list):
        for one in thing:
            _expand(book, account, one, parts, wish)
        return
    name, rest = parts[0], parts[1:]
    if not isinstance(thing, dict) or (name not in thing and (thing.get("object"), name) not in INCLUDED):
        raise _not_expandable(wish)
    if name not in thing:
        thing[name] = copy.deepcopy(INCLUDED[thing["object"], name](book, account, thing))
    elif isinstance(thing[name], str):
        thing[name] = copy.deepcopy(_object(book, account, thing[name], wish))
    elif isinstance(thing[name], int | float):
        raise _not_expandable(wish)
    if rest and thing[name] is not None:
        _expand(book, account, thing[name], rest, wish)


def _object(book: Book, account: Account, identity: str, wish: str) -> Thing:
    for owner in (account, None):  # a charge names its application fee, which is the platform's
        for things in book.things.get(owner, {}).values():
            if identity in things:
                return things[identity]
    raise _not_expandable(wish)


def _not_expandable(wish: str) -> StripeError:
    return invalid("parameter_invalid", f"This property cannot be expanded ({wish}).", "expand")


def _refunds(book: Book, account: Account, charge: Thing) -> Thing:
    refunds = [refund for refund in book.all(account, "refund") if refund["charge"] == charge["id"]]
    return _whole(refunds[::-1], f"/v1/charges/{charge['id']}/refunds")


def _payments(book: Book, account: Account, invoice: Thing) -> Thing:
    payments = [one for one in book.all(account, "invoice_payment") if one["invoice"] == invoice["id"]]
    return _whole(payments, f"/v1/invoice_payments?invoice={invoice['id']}")


def _line_items(book: Book, _: Account, session: Thing) -> Thing:
    items = book.note(session["id"])["line_items"]
    return _whole(items, f"/v1/checkout/sessions/{session['id']}/line_items")


def _whole(things: list[Thing], url: str) -> Thing:
    return {"object": "list", "data": things, "has_more": False, "url": url}


INCLUDED: dict[tuple[str, str], Callable[[Book, Account, Thing], Thing]] = {
    ("charge", "refunds"): _refunds,
    ("invoice", "payments"): _payments,
    ("checkout.session", "line_items"): _line_items,
}
"""What an object shows only where it is asked to."""
