"""What the bot can do for a person, by what their roles allow."""

from collections.abc import Collection

from bot.keyboards import Rows
from core.kit.texts import text
from core.people.commands import EVERYBODY, command_lines, seller_commands, staff_commands
from core.ports import Message
from schemas.people import Role


def commands(language: str, roles: Collection[Role], number: int, rows: Rows) -> Message:
    """All commands in groups: everybody's, a seller's, those of staff. `number` is the Telegram id."""
    parts = [text(language, "help", commands=command_lines(language, EVERYBODY))]
    own = staff_commands(roles)
    selling = [name for name in seller_commands(roles) if name not in own]
    if selling:
        parts.append(text(language, "help-seller", commands=command_lines(language, selling)))
    if own:
        parts.append(staff_part(language, roles))
    parts.append(text(language, "help-foot", number=str(number)))
    return Message("\n\n".join(parts), rows)


def staff_part(language: str, roles: Collection[Role]) -> str:
    """What somebody of the staff may do; "" for others."""
    own = staff_commands(roles)
    role = "admin" if "admin" in roles else "support"
    return text(language, "help-staff", role=role, commands=command_lines(language, own)) if own else ""
