"""Every column says what it holds of whom, why, and for how long: no table grows one unseen."""

import re
from collections import Counter
from typing import cast, get_args

import pytest
from sqlalchemy import Table
from sqlmodel import SQLModel

from core.process.settings import Settings
from schemas.columns.kinds import Columns, Kind
from scripts.data_page import PAGE, classified, modules_of_tables, page, tables

HOW = "say beside its neighbours in schemas/columns/ what it is, why it is there, how long it is kept"
SETTING = re.compile(r"\b[A-Z]+_[A-Z_]+\b")


def groups() -> dict[str, tuple[Columns, ...]]:
    return {table: kinds for module in classified().values() for table, kinds in module.items()}


def test_every_column_of_every_table_is_classified_once() -> None:
    known = groups()
    for table in tables():
        named = Counter(name for group in known.get(table.name, ()) for name in group.names)
        columns = {column.name for column in table.columns}
        assert columns - set(named) == set(), f"{table.name}: {HOW}"
        assert set(named) - columns == set(), f"{table.name} has no such column any more"
        assert [name for name, times in named.items() if times > 1] == [], f"{table.name}: twice"
    assert set(known) - {table.name for table in tables()} == set(), "no such table any more"


def test_a_table_is_classified_in_the_module_of_its_name() -> None:
    assert set(classified()) <= set(modules_of_tables())
    homes = _homes()
    for module, known in classified().items():
        assert {homes[table] for table in known} == {module}


def test_classes_reasons_and_times_are_words_and_settings_exist() -> None:
    for group in (group for kinds in groups().values() for group in kinds):
        assert group.kind in get_args(Kind)
        assert len(group.why.split()) > 2
        for name in SETTING.findall(group.kept):
            assert name.lower() in Settings.__dataclass_fields__


def test_the_page_is_that_of_the_code() -> None:
    assert PAGE.read_text() == page(), "run: python -m scripts.data_page --write"


@pytest.mark.parametrize("column", ["telegram_id", "name", "username", "user_id", "buyer_id", "address"])
def test_what_leads_to_a_person_is_never_called_technical_beside_one(column: str) -> None:
    own = ("person", "seller", "purchase", "mail_address", "access_grant", "membership", "roster")
    found = [group.kind for table in own for group in groups()[table] if column in group.names]
    assert found
    assert set(found) == {"personal"}


def _homes() -> dict[str, str]:
    """The module of each table."""
    mappers = SQLModel._sa_registry.mappers
    return {cast(Table, each.local_table).name: each.class_.__module__.rpartition(".")[2] for each in mappers}
