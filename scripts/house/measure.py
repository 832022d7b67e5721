"""Puts the figures of a checkout together: of each package, of the rooms of core, and what was asked."""

import ast
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from scripts.house.imports import arrows, imports_of, reexports
from scripts.house.names import weak_names
from scripts.house.packs import packs_into_rules, read_callables
from scripts.house.source import PACKAGES, TESTS, Module, Place, read_modules
from scripts.house.states import read_declarations, state_strings, untyped_holders

MOST_IMPORTS = 16  # of our own modules, but for wiring


@dataclass(frozen=True)
class Survey:
    """A checkout's modules with the places of everything that is counted one by one, by its name."""

    tree: Path
    modules: list[Module]
    places: dict[str, list[Place]]

    def of(self, package: str) -> list[Module]:
        """The modules of one top package."""
        return [module for module in self.modules if module.package == package]

    @property
    def names(self) -> set[str]:
        """The dotted names of all of our modules."""
        return {module.name for module in self.modules}


def survey(tree: Path) -> Survey:
    """Read a checkout and find every place that is counted. Raises what `read_modules` raises."""
    modules = read_modules(tree)
    shipped = [module for module in modules if module.package != TESTS]
    declared, callables = read_declarations(shipped), read_callables(shipped)
    names = [weak_names(module) for module in modules]
    places = {
        "participles": [place for participles, _ in names for place in participles],
        "bland": [place for _, bland in names for place in bland],
        "packs": [place for module in shipped for place in packs_into_rules(module, callables)],
        "state_strings": [place for module in shipped for place in state_strings(module, declared)],
        "state_holders": [place for module in shipped for place in untyped_holders(module, declared)],
        "reexports": reexports(shipped),
        "without_test": _without_test(modules),
    }
    in_order = {
        name: sorted(each, key=lambda place: (place.path, place.line)) for name, each in places.items()
    }
    return Survey(tree, modules, in_order)


def figures(survey: Survey) -> dict[str, Any]:
    """Everything that is printed with `--json`: figures of each package and of core's rooms."""
    entries = sorted(
        entry.name
        for entry in (survey.tree / "core").iterdir()
        if entry.name not in ("__init__.py", "__pycache__")
    )
    pairs = sorted(arrows(survey.of("core"), survey.names))
    return {
        "packages": {
            package: _figures_of(survey, [package]) for package in (*PACKAGES, TESTS) if survey.of(package)
        },
        "shipped": _figures_of(survey, PACKAGES),
        "rooms": {"entries": entries, "arrows": [f"{a} -> {b}" for a, b in pairs]},
        "many_imports": {
            module.name: count
            for module in survey.modules
            if module.package != TESTS and (count := len(imports_of(module, survey.names)[0])) > MOST_IMPORTS
        },
        "core_without_test": [place.what for place in survey.places["without_test"]],
    }


def percentile(values: Sequence[int], share: float) -> int:
    """The value that this share (0 to 1) of the values does not exceed (nearest rank); 0 of none."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else 0


def _figures_of(survey: Survey, packages: Sequence[str]) -> dict[str, Any]:
    modules = [module for package in packages for module in survey.of(package)]
    lines = [module.lines for module in modules]
    imports = [imports_of(module, survey.names) for module in modules]
    own, others = [len(mine) for mine, _ in imports], [len(theirs) for _, theirs in imports]
    longest = max(_longest_function(module) for module in modules)
    return {
        "modules": len(modules),
        "folders": len({Path(module.path).parent for module in modules}),
        "lines": {
            "all": sum(lines),
            "median": median(lines),
            "p90": percentile(lines, 0.9),
            "max": max(lines),
        },
        "imports": {
            "mean": round((sum(own) + sum(others)) / len(modules), 1),
            "own_median": median(own),
            "own_p90": percentile(own, 0.9),
            "own_max": max(own),
            "others_p90": percentile(others, 0.9),
        },
        "longest_function": {"lines": longest[0], "where": longest[1]},
        **{
            name: sum(place.path.partition("/")[0] in packages for place in places)
            for name, places in survey.places.items()
        },
    }


def _longest_function(module: Module) -> tuple[int, str]:
    return max(
        (
            ((node.end_lineno or node.lineno) - node.lineno + 1, f"{module.path}:{node.lineno} {node.name}")
            for node in module.nodes
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ),
        default=(0, ""),
    )


def _without_test(modules: list[Module]) -> list[Place]:
    """The modules of core, migrations apart, that no file of the tests is named after."""
    tested = {Path(module.path).name for module in modules if module.package == TESTS}
    return [
        Place(module.path, 1, module.name)
        for module in modules
        if module.package == "core"
        and not module.is_package
        and ".migrations." not in module.name
        and f"test_{Path(module.path).name}" not in tested
    ]
