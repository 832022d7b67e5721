"""From a filter's terms to conditions of the database. Values are always parameters, never text of SQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from core.jobs.admin.filter_language import ARGUMENT, FIELDS, Filter, Term
from schemas.queue import Job

COLUMNS: dict[str, Any] = {
    "state": col(Job.state),
    "queue": col(Job.queue),
    "actor": col(Job.actor),
    "worker": col(Job.worker),
    "fingerprint": col(Job.fingerprint),
    "correlation": col(Job.correlation_id),
    "key": col(Job.unique_key),
    "id": col(Job.id),
    "parent": col(Job.parent_id),
    "attempt": col(Job.attempt),
    "failures": col(Job.failures),
    "lost": col(Job.lost),
}
FAILED = col(Job.error_class).is_not(None)  # what the index of failed jobs holds
OF_FAILED = ("error", "fingerprint")
# Fields with an index of their own that find few jobs among millions.
SELECTIVE = ("id", "key", "correlation", *OF_FAILED)


def conditions(jobs: Filter, now: datetime, *, without: Sequence[str] = ()) -> list[ColumnElement[bool]]:
    """One condition a term, but for the fields `without`, which the caller sees to."""
    return [_condition(term, now) for term in jobs.terms if term.field not in without]


def indexed(jobs: Filter, now: datetime) -> list[ColumnElement[bool]]:
    """The same with what they imply: it lets the planner use the index of failed jobs."""
    implied = [FAILED] if any(term.field in OF_FAILED for term in jobs.terms) else []
    return implied + conditions(jobs, now)


def selective(jobs: Filter) -> bool:
    """Whether an index finds what this filter asks for without walking through the finished jobs."""
    fields = {term.field for term in jobs.terms}
    if jobs.words("state") == ("dead",):
        # They are few: a walk through them gives the newest, that index any of those that match.
        fields.difference_update(OF_FAILED)
    return any(field in SELECTIVE or field.startswith(ARGUMENT) for field in fields)


def _condition(term: Term, now: datetime) -> ColumnElement[bool]:
    if term.field.startswith(ARGUMENT):
        return or_(*(_argument(term.field.removeprefix(ARGUMENT), str(value)) for value in term.values))
    if term.field == "error":
        return or_(*(_error(str(value)) for value in term.values))
    if FIELDS[term.field] == "span":
        return _moment(term, now)
    column = COLUMNS[term.field]
    if term.operator == ">":
        return column > term.values[0]  # type: ignore[no-any-return]
    if term.operator == "<":
        return column < term.values[0]  # type: ignore[no-any-return]
    return column.in_(term.values)  # type: ignore[no-any-return]


def _argument(name: str, value: str) -> ColumnElement[bool]:
    """Arguments are JSON: 42 is looked for as the number and as the text, true as the truth value."""
    meant: list[Any] = [value]
    if value in ("true", "false"):
        meant.append(value == "true")
    if value.removeprefix("-").isdigit() and value.isascii() and len(value) <= 18:
        meant.append(int(value))
    column = col(Job.args)
    return or_(*(column.contains({name: item}) for item in meant))


def _error(value: str) -> ColumnElement[bool]:
    return or_(
        col(Job.error_class).icontains(value, autoescape=True),
        col(Job.error_message).icontains(value, autoescape=True),
    )


def _moment(term: Term, now: datetime) -> ColumnElement[bool]:
    span = term.values[0]
    assert isinstance(span, timedelta), "the parser saw to it"
    longer = term.operator == ">"
    if term.field == "due":
        due = col(Job.due_at)
        waits = col(Job.state) == "queued"
        return and_(waits, due > now + span if longer else due < now + span)
    column = col(Job.created_at) if term.field == "age" else col(Job.finished_at)
    return and_(column.is_not(None), column < now - span if longer else column > now - span)
