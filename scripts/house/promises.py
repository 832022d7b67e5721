"""Holds the measured figures against what the layout of the code promises."""

from typing import Any, NamedTuple

WIRING = frozenset({"bot.app", "bot.router", "api.app"})  # they put everything together, so import it
FIGURES_BEFORE = {"bland": 285}  # of the six shipped packages, before the rooms


class Promise(NamedTuple):
    """One promise: what, what was asked for, what was measured, whether it holds."""

    what: str
    limit: str
    measured: str
    ok: bool


def promises(figures: dict[str, Any]) -> list[Promise]:
    """Every promise for the figures of one checkout (see `scripts.house.measure.figures`)."""
    core, all_packages = figures["packages"]["core"], figures["shipped"]
    crowded = {name: count for name, count in figures["many_imports"].items() if name not in WIRING}
    return [
        _at_most("entries at the top of core", 20, len(figures["rooms"]["entries"])),
        _at_most("arrows between the rooms of core", 70, len(figures["rooms"]["arrows"])),
        _below("lines of core's modules, median", 90, core["lines"]["median"]),
        _at_most("lines of core's longest module", 300, core["lines"]["max"]),
        _at_most("imports of our own modules, p90", 10, all_packages["imports"]["own_p90"]),
        _at_most("modules with more than 16 such imports, wiring apart", 0, len(crowded)),
        _at_most("names handed on by a module that only imports them", 0, all_packages["reexports"]),
        _at_most("modules of core without a test file", 0, core["without_test"]),
        _at_most("untyped packs into rules", 0, all_packages["packs"]),
        _at_most("participles that are not booleans", 75, all_packages["participles"]),
        _at_most("result, data, item, value, info, obj", FIGURES_BEFORE["bland"], all_packages["bland"]),
        _at_most("strings of states that no type knows", 0, all_packages["state_strings"]),
        _at_most("fields and parameters of states that are str", 0, all_packages["state_holders"]),
    ]


def _at_most(what: str, limit: float, measured: float) -> Promise:
    return Promise(what, f"<= {limit:g}", f"{measured:g}", measured <= limit)


def _below(what: str, limit: float, measured: float) -> Promise:
    return Promise(what, f"< {limit:g}", f"{measured:g}", measured < limit)
