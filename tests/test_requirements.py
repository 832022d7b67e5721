"""The page of requirements names tests that exist, each requirement once, and a test for what is done."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ((?:[A-EPS]\d+(?:[–-][A-EPS]\d+)?(?:, )?)+) \|(.*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PAGE_TEST = re.compile(r"`(miniapp/tests/[\w/.-]+): ([^`]+)`")
BENCHMARK = re.compile(r"`comptoir bench (\w+)")


def rows() -> list[tuple[list[str], str]]:
    """Each row of the page: its ids with ranges written out, and the rest of its cells."""
    page = (ROOT / "docs/requirements.md").read_text()
    return [(ids_of(cell), rest) for cell, rest in ROW.findall(page)]


def ids_of(cell: str) -> list[str]:
    """The ids of a cell such as `A1, A3–A5`."""
    ids: list[str] = []
    for part in cell.split(", "):
        first, _, last = part.replace("–", "-").partition("-")
        ends = int(first[1:]), int((last or first)[1:])
        ids += [f"{first[0]}{number}" for number in range(ends[0], ends[1] + 1)]
    return ids


def is_done(rest: str) -> bool:
    """Whether the state of a row, its second cell after the ids, begins with "done"."""
    cells = [cell.strip() for cell in rest.split("|")]
    return any(cell.startswith("done") for cell in cells[1:])


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of all functions of a test file; empty where there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(file.read_text()))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def has_test(path: str, title: str) -> bool:
    """Whether a test of the Mini App's has this title, as it is written in its file."""
    file = ROOT / path
    return file.is_file() and any(f"test({quote}{title}{quote}," in file.read_text() for quote in "'`")


def test_each_cited_test_exists() -> None:
    cited = [citation for _, rest in rows() for citation in TEST.findall(rest)]

    assert cited
    assert [f"{path}::{name}" for path, name in cited if name not in names_in(path)] == []


def test_each_cited_browser_test_and_benchmark_exists() -> None:
    rests = [rest for _, rest in rows()]
    cited = [citation for rest in rests for citation in PAGE_TEST.findall(rest)]
    benchmarks = [f"scripts/bench/{name}.py" for rest in rests for name in BENCHMARK.findall(rest)]

    assert [f"{path}: {title}" for path, title in cited if not has_test(path, title)] == []
    assert [path for path in benchmarks if not (ROOT / path).is_file()] == []


def test_every_fault_that_is_reported_of_other_card_integrations_has_its_end_here() -> None:
    done = {one for row_ids, rest in rows() for one in row_ids if is_done(rest)}

    assert {f"S{number}" for number in range(1, 27)} <= done


def test_no_id_appears_twice() -> None:
    ids = [one for row_ids, _ in rows() for one in row_ids]

    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_what_is_done_names_what_holds_it() -> None:
    holds = re.compile("|".join(pattern.pattern for pattern in (TEST, PAGE_TEST, BENCHMARK)))

    assert [ids for ids, rest in rows() if is_done(rest) and not holds.search(rest)] == []
