"""What all answers are made of: their fields by name, moments, amounts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar, overload

import msgspec

from core.kit.money import Money
from schemas.answers import Moment, MoneyAnswer, RailSales

Answer = TypeVar("Answer")


def answer_of(source: Any, answer: type[Answer]) -> Answer:
    """What an answer says of a value or a row: its fields by their names.

    Raises `msgspec.ValidationError` where a state, rail or currency is none of the contract's.
    """
    return msgspec.convert(source, answer, from_attributes=True)


@overload
def moment(when: datetime) -> Moment: ...
@overload
def moment(when: datetime | None) -> Moment | None: ...
def moment(when: datetime | None) -> Moment | None:
    """RFC 3339, as the Mini App reads times."""
    return when.isoformat() if when else None


def amounts(sums: Iterable[Money]) -> list[MoneyAnswer]:
    """One amount for each currency."""
    return [answer_of(amount, MoneyAnswer) for amount in sums]


def rail_sales(rail: str, revenue: Money, orders: int) -> RailSales:
    """What was sold on one rail in one currency."""
    fields = {"rail": rail, "amount": revenue.amount, "currency": revenue.currency, "orders": orders}
    return msgspec.convert(fields, RailSales)
