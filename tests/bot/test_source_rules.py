"""What holds for every screen and secret of the bot, also those that are written later: read in its source.

`test_offers` walks the screens that buyers have today, `test_guesses` tries the secrets.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef

OWN_FIGURES = {
    "bot/handlers/purchase.py:send_subscription": "Stars, the one rail of the invoice that is sent",
    "bot/screens/dispute.py:_sum": "what a bank keeps of a seller's sale, or gave back",
    "bot/screens/dispute.py:dispute": "what a bank keeps of a seller's sale, or gave back",
    "bot/screens/library.py:_receipt_label": "what its reader has paid",
    "bot/screens/library.py:receipt": "what its reader has paid",
    "bot/screens/plan_members.py:figures": "what a seller's plans bring in",
    "bot/screens/plans.py:plan": "a seller's own plan, with all its prices",
    "bot/screens/members.py:membership": "what a member's card is charged after the trial that runs",
    "bot/screens/prices.py:prices": "all that a seller asks",
    "bot/screens/prices.py:question": "all that a seller asks",
    "bot/screens/sale.py:amounts": "what a seller gives back of a sale of theirs",
    "bot/screens/sale.py:confirmation": "what a seller gives back of a sale of theirs",
    "bot/screens/sale.py:part_question": "what a seller gives back of a sale of theirs",
    "bot/screens/sale.py:sale": "what a seller was paid and gave back",
    "bot/screens/sell.py:balance": "what a seller is owed",
    "bot/screens/sell.py:product": "a seller's own product, with all its prices",
    "bot/screens/sell.py:sales": "what a seller was paid",
    "bot/screens/sell.py:_statement_line": "what a seller was paid in a month",
    "bot/screens/staff.py:_payment_line": "a transfer that staff look at",
    "bot/screens/staff.py:order": "an order that staff look at",
    "bot/screens/uploads.py:next_step": "a seller's own draft",
}
"""Functions that write money which is no offer to a buyer, and whose it is."""

OWN_SECRETS = {"show_code"}
"""Who compares a secret that nobody sent: the shop shows a seller their own code again."""
WRITTEN = {"money", "money_list"}
"""What writes amounts for people."""
TRIED = {"try_secret", "_is_heard"}
"""Who counts wrong secrets and stops whoever guesses."""


def sources(room: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / room).rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def functions(tree: ast.Module) -> dict[str, Function]:
    """Each function and method of a module; what is defined inside one belongs to it."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    nodes = [*tree.body, *(member for each in classes for member in each.body)]
    return {node.name: node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def imported(tree: ast.Module) -> set[str]:
    """Whatever a module imports by `from`, as module.name."""
    lines = [each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
    return {f"{line.module}.{name.name}" for line in lines for name in line.names}


def names_in(node: ast.AST) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return names | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def test_prices_come_from_what_the_policy_lets_a_screen_offer() -> None:
    elsewhere = set()
    for path, tree in sources("bot"):
        for name, function in functions(tree).items():
            attributes = [each for each in ast.walk(function) if isinstance(each, ast.Attribute)]
            owners = {ast.unparse(each.value) for each in attributes if each.attr == "prices"}
            if names_in(function) & WRITTEN and owners != {"offers"}:
                elsewhere.add(f"{path}:{name}")
    assert elsewhere == set(OWN_FIGURES), "does a buyer see it? then take the prices of Offers"


def compares_a_secret(function: Function) -> bool:
    """Whether it looks for the row of a secret that somebody gave: by its digest, or by an access code."""
    for each in ast.walk(function):
        if isinstance(each, ast.Compare):
            sides = [ast.unparse(side) for side in (each.left, *each.comparators)]
            if any(side.startswith("token_hash(") or side == "AccessCode.code" for side in sides):
                return True
    return False


def unguarded(among: dict[str, Function], start: set[str]) -> set[str]:
    """Those functions that use one of these, or of each other, and count no wrong secrets."""
    reached = set(start)
    while True:
        free = {name: each for name, each in among.items() if not names_in(each) & TRIED}
        new = {name for name, each in free.items() if name not in reached and names_in(each) & reached}
        if not new:
            return reached & among.keys()
        reached |= new


def takers() -> set[str]:
    """The functions of `core` that take a secret, as module.name."""
    found = set()
    for path, tree in sources("core"):
        own = functions(tree)
        direct = {name for name, function in own.items() if compares_a_secret(function)} - OWN_SECRETS
        found |= {f"{path[:-3].replace('/', '.')}.{name}" for name in unguarded(own, direct)}
    return found


def test_every_secret_that_a_message_can_carry_is_counted_when_it_is_wrong() -> None:
    taken, used, open_doors = takers(), set(), set()
    trees = dict(sources("bot"))
    for path, tree in trees.items():
        own, names = functions(tree), imported(tree)
        here = {
            each.rpartition(".")[2] for each in taken if each in names or each.rpartition(".")[0] in names
        }
        here = {name for name in here if any(name in names_in(each) for each in own.values())}
        used |= here
        module = path[:-3].replace("/", ".")
        for name in unguarded(own, here):
            served = bool(own[name].decorator_list) or name.startswith("on_")
            if served or any(f"{module}.{name}" in imported(other) for other in trees.values()):
                open_doors.add(f"{path}:{name}")
    assert used == {"redeem", "give_code", "is_alive", "connect_by_code"}
    assert open_doors == set(), "call what takes a secret by bot.guesses.try_secret"


def test_whoever_counts_wrong_secrets_asks_the_limit_for_them() -> None:
    counting = [each for _, tree in sources("bot") for each in functions(tree).values() if each.name in TRIED]
    assert {each.name for each in counting} == TRIED
    assert all("SECRETS" in names_in(each) for each in counting)
