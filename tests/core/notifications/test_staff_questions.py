"""Staff are asked only what they may answer: found in the source of whoever asks, and of the buttons."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parents[3]


def functions(*rooms: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in (path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", node


def calls(node: ast.AST, name: str) -> list[ast.Call]:
    named = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    return [each for each in named if ast.unparse(each.func).rpartition(".")[2] == name]


def text(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def acts_of_buttons() -> dict[str, str]:
    """What each button of the bot asks permission for, where it asks in its own function."""
    acts = {}
    for _, function in functions("bot/handlers"):
        asked = [text(call.args[1]) for call in calls(function, "permit")]
        for decorator in function.decorator_list:
            if asked and ast.unparse(decorator).startswith("routes.button("):
                acts[text(cast(ast.Call, decorator).args[0])] = asked[0]
    return acts


def buttons_in(function: ast.AST, known: dict[str, str]) -> set[str]:
    texts = [each.value for each in ast.walk(function) if isinstance(each, ast.Constant)]
    return {str(each).partition(":")[0] for each in texts} & known.keys()


def test_a_question_goes_to_those_whose_answer_is_taken() -> None:
    acts = acts_of_buttons() | {"dispute": "see_sale"}  # asked of the shop: core.payments.dispute_views
    assert acts["shop_no"] == "approve_seller"
    found = 0
    for name, function in functions("core", "workers"):
        for call in calls(function, "notify_staff"):
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            if "buttons" in given and function.name != "notify_staff":
                pressed = buttons_in(function, acts)
                assert pressed, f"{name} shows staff buttons that no handler serves"
                assert {acts[button] for button in pressed} == {text(given.get("act"))}, name
                found += 1
    assert found >= 6
