"""The choice of what a person is notified of, in Telegram and by e-mail: `/notifications`."""

from sqlmodel import Session

from bot.keyboards import Rows, button
from bot.request import Request
from bot.routes import Routes
from core.kit.rows import id_of
from core.kit.texts import text
from core.notifications.addresses import address_of, usable
from core.notifications.choices import choices_of, choose
from core.ports import Button, Message
from schemas.people import User

routes = Routes()
MARKS = {("telegram", True): "🔔", ("telegram", False): "🔕", ("email", True): "📧", ("email", False): "✖️"}


@routes.command("notifications")
async def show_notifications(request: Request) -> None:
    """Show each kind of notification with its switches: in Telegram, and by e-mail for who has an address."""
    await request.send(await request.run(_screen))


@routes.button("tell")
async def switch(request: Request, kind: str, way: str) -> None:
    """Switch one kind of notification on or off, by one way."""

    def work(session: Session, person: User) -> Message:
        choices = choices_of(session, id_of(person), person.language)
        on = {(choice.kind, name) for choice in choices for name, is_on in choice.ways.items() if is_on}
        choose(session, id_of(person), kind, way, (kind, way) not in on)
        return _screen(session, person)

    await request.show(await request.run(work))


def _screen(session: Session, person: User) -> Message:
    mailed = usable(address_of(session, id_of(person)))
    rows: Rows = []
    for choice in choices_of(session, id_of(person), person.language):
        row: list[Button] = []
        for way, is_on in choice.ways.items():
            label = f"{MARKS[way, is_on]} {choice.title}" if not row else MARKS[way, is_on]
            if way == "telegram" or mailed:
                row.append(button(label, "tell", choice.kind, way))
        rows.append(row)
    return Message(text(person.language, "notification-choices", mailed="yes" if mailed else "no"), rows)
