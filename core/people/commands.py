"""Which commands of the bot a person is shown, by what their roles allow.

The menu that Telegram opens, `/help` and the greeting of staff are all made of these tables, and name nothing
that would be refused. A command that is not here works when it is typed, as its second name in French does.
"""

from collections.abc import Collection, Mapping

from core.kit.permissions import Act, allowed
from core.kit.texts import plain
from schemas.people import Role

EVERYBODY = (
    "catalogue",
    "status",
    "renew",
    "cancel",
    "library",
    "receipts",
    "notifications",
    "sell",
    "support",
    "paysupport",
    "language",
    "help",
)
SELLERS: Mapping[str, Act] = {
    "channels": "sell",
    "plans": "sell",
    "members": "sell",
    "cards": "sell",
    "statement": "see_statement",
}
STAFF: Mapping[str, Act] = {
    "questions": "answer_support",
    "orders": "see_orders",
    "payments": "validate_payment",
    "events": "replay_events",
    "moderation": "moderate",
    "members": "revoke_access",
    "sellers": "approve_seller",
}


def seller_commands(roles: Collection[Role]) -> list[str]:
    """What the person may do as a seller."""
    return [name for name, act in SELLERS.items() if "seller" in roles and allowed(roles, act)]


def staff_commands(roles: Collection[Role]) -> list[str]:
    """What the person may do as one of the staff."""
    return [name for name, act in STAFF.items() if allowed(roles, act)]


def menu_of(roles: Collection[Role]) -> list[str]:
    """The commands of a person's menu: of staff first what they are there for, then everybody's."""
    first = [*staff_commands(roles), *seller_commands(roles)]
    return list(dict.fromkeys([*first, *EVERYBODY]))


def command_lines(language: str, names: Collection[str]) -> str:
    """Commands with what they do, one a line, without markup."""
    return "\n".join(f"/{name} – {plain(language, f'command-{name}')}" for name in names)
