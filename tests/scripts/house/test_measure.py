"""The figures of how the code is laid out, of a small tree and of this one."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.house.measure import Survey, figures, percentile, survey
from scripts.house.promises import promises

ROOT = Path(__file__).parents[3]
STATES = 'from typing import Literal\nOrderStatus = Literal["created", "paid"]\n'
Tree = Callable[[dict[str, str]], Survey]


@pytest.fixture
def measured(tmp_path: Path) -> Tree:
    """Writes modules (path to text) into an empty checkout and surveys it."""

    def write(modules: dict[str, str]) -> Survey:
        for path, text in {"core/__init__.py": "", **modules}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return survey(tmp_path)

    return write


def what(seen: Survey, name: str) -> list[str]:
    return [place.what for place in seen.places[name]]


def test_participles_count_where_they_are_bound_unless_boolean(measured: Tree) -> None:
    text = """
def f(told, given: bool, asked=False, *, made: int = 1):
    found = told
    found = told == given
    kept, held = 1, 2
    self.known = not told
    self.held = given
    if (wanted := f()):
        for shown in told:
            print(shown, kept)
class Row:
    said: bool | None
    begun: list[bool]
"""
    assert sorted(what(measured({"core/a.py": text}), "participles")) == sorted(
        ["told", "made", "found", "kept", "held", "wanted", "shown", "begun"]
    )


def test_bland_nouns_count_even_as_booleans(measured: Tree) -> None:
    seen = measured(
        {"core/a.py": "result = True\nfor item in result: data[item] = 1\n", "tests/b.py": "obj = 1"}
    )
    assert what(seen, "bland") == ["result", "item", "obj"]
    assert figures(seen)["shipped"]["bland"] == 2


def test_own_imports_are_counted_module_by_module(measured: Tree) -> None:
    text = (
        "import json\nfrom core import kit, pay\nfrom core.kit import db, money\nfrom core.kit.db import f\n"
    )
    seen = measured({"core/kit/db.py": "f = 1", "core/pay.py": text, "core/kit/money.py": "import core.pay"})
    assert figures(seen)["packages"]["core"]["imports"] == {
        "mean": 1.3,
        "own_median": 1,
        "own_p90": 2,
        "own_max": 2,
        "others_p90": 1,
    }
    assert figures(seen)["rooms"] == {"entries": ["kit", "pay.py"], "arrows": ["kit -> pay", "pay -> kit"]}


def test_a_name_taken_from_where_it_is_only_imported_is_a_reexport(measured: Tree) -> None:
    seen = measured(
        {
            "core/a.py": "def f(): ...",
            "core/b.py": "from core.a import f\ng = f",
            "core/c.py": "from core.b import f, g\nfrom core import a",
        }
    )
    assert what(seen, "reexports") == ["f from core.b"]


def test_a_pack_counts_where_the_function_is_ours_and_names_its_parameters(measured: Tree) -> None:
    rules = "def pay(session, amount): ...\ndef fill(key, **params): ...\nclass Row: ...\n"
    calls = (
        "from core import rules\nfrom core.rules import Row, fill, pay\n"
        "pay(**told)\nrules.pay(1, **told)\nfill(**told)\nRow(**told)\ndict(**told)\nself.pay(**told)\n"
    )
    seen = measured({"core/rules.py": rules, "core/calls.py": calls})
    assert what(seen, "packs") == ["pay(**told)", "rules.pay(**told)"]


def test_a_state_counts_where_its_holder_is_only_a_string(measured: Tree) -> None:
    rows = STATES + "class Order:\n    status: OrderStatus\nclass Payment:\n    status: str\n"
    rules = """
OPEN = ("created", "paid")
CLOSED: tuple[OrderStatus, ...] = ("created", "paid")
OTHER = ("paid", "blue")
def move(order: Order, to: str): ...
def close(order: Order, to: OrderStatus): ...
def rule(order: Order, payment: Payment):
    move(order, "paid")
    close(order, to="paid")
    order.status == "paid"
    payment.status in ("created", "unknown")
    payment.status = "paid" if order else "blue"
    query.where(col(Order.status) == "paid", col(Payment.status) == "created")
"""
    seen = measured({"schemas/rows.py": rows, "core/rules.py": rules})
    assert [place.line for place in seen.places["state_strings"]] == [2, 2, 8, 11, 12, 13]
    assert what(seen, "state_holders") == ["status: str"]


def test_a_constant_of_conditions_counts_by_what_each_word_is_compared_with(measured: Tree) -> None:
    rows = STATES + "class Order:\n    status: OrderStatus\nclass Payment:\n    status: str\n"
    rules = """
SOLD = (col(Order.status) == "paid", col(Order.status) == "created")
TAKEN = (col(Payment.status) == "paid", col(Order.status) == "created")
"""
    seen = measured({"schemas/rows.py": rows, "core/rules.py": rules})
    assert [place.line for place in seen.places["state_strings"]] == [3]


def test_a_module_of_core_has_a_test_file_of_its_name_or_is_named(measured: Tree) -> None:
    seen = measured({"core/a.py": "1", "core/b.py": "1", "api/c.py": "1", "tests/core/test_a.py": "1"})
    assert figures(seen)["core_without_test"] == ["core.b"]


def test_empty_files_and_migrations_are_no_modules(measured: Tree) -> None:
    seen = measured({"core/a.py": "1\n2\n", "core/migrations/versions/0001_first.py": "1"})
    core = figures(seen)["packages"]["core"]
    assert (core["modules"], core["lines"]) == (1, {"all": 2, "median": 2, "p90": 2, "max": 2})


def test_more_than_sixteen_imports_are_named_and_missed_unless_wiring(measured: Tree) -> None:
    modules = {f"core/m{number}.py": "1" for number in range(17)}
    everything = "".join(f"import core.m{number}\n" for number in range(17))
    seen = measured({**modules, "core/big.py": everything, "api/app.py": everything})
    assert figures(seen)["many_imports"] == {"core.big": 17, "api.app": 17}
    assert [each.measured for each in promises(figures(seen)) if "more than 16" in each.what] == ["1"]


def test_the_longest_function_is_named(measured: Tree) -> None:
    seen = measured({"core/a.py": "def f():\n    return 1\nasync def g():\n    a = 1\n    return a\n"})
    assert figures(seen)["shipped"]["longest_function"] == {"lines": 3, "where": "core/a.py:3 g"}


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.9, 9), (1, 10)])
def test_a_percentile_is_the_nearest_rank(share: float, expected: int) -> None:
    assert percentile(range(1, 11), share) == expected
    assert percentile([], share) == 0


def test_a_folder_without_our_packages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        survey(tmp_path)


def test_the_command_prints_figures_and_promises(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "a.py").write_text("told = 1\n")
    command = [sys.executable, "-S", "-m", "scripts.house", "--tree", str(tmp_path)]
    as_json = subprocess.run([*command, "--json"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert as_json.returncode == 1  # core.a has no test file
    printed = json.loads(as_json.stdout)
    assert printed["shipped"]["participles"] == 1
    assert {"what", "limit", "measured", "ok"} == set(printed["promises"][0])
    table = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert "modules of core without a test file" in table
    places = subprocess.run(
        [*command, "--list", "participles"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert places.stdout == "core/a.py:1 told\n"


def test_a_state_counts_as_typed_by_what_a_local_variable_was_assigned(measured: Tree) -> None:
    rows = STATES + "class Order:\n    status: OrderStatus\nclass Job:\n    state: str\n"
    rules = """
ENDED: "tuple[OrderStatus, ...]" = ("created", "paid")
def rule(session, order: "Order"):
    status, rail = order.status, order.rail
    status == "paid"
    order.status == "paid"
    state = job.state
    state == "paid"
"""
    seen = measured({"schemas/rows.py": rows, "core/rules.py": rules})
    assert [place.line for place in seen.places["state_strings"]] == [8]


def test_a_state_counts_as_typed_by_the_class_that_a_variable_is_assigned_from(measured: Tree) -> None:
    rows = STATES + "class Order:\n    status: OrderStatus\nclass Report:\n    status: str\n"
    rules = """
def load() -> Report: ...
def rule(session):
    order, report = session.get(Order, 1), load()
    order.status == "paid"
    report.status == "paid"
    for each in session.exec(select(Order)):
        each.status == "paid"
"""
    seen = measured({"schemas/rows.py": rows, "core/rules.py": rules})
    assert [place.line for place in seen.places["state_strings"]] == [6]
