"""The choice of what a person is notified of, in Telegram and by e-mail: `/notifications`."""

from sqlmodel import Session

from bot.keyboards import Rows, button, labelled
from bot.request import Request
from bot.routes import Routes
from core.kit.errors import Refused
from core.kit.rows import id_of
from core.kit.texts import text
from core.notifications.addresses import (
    address_of,
    clean_address,
    forget_address,
    give_address,
    state_of,
    usable,
)
from core.notifications.choices import choices_of, choose
from core.notifications.mail_limit import count_question
from core.ports import Button, Message
from schemas.people import User

routes = Routes()
MARKS = {("telegram", True): "🔔", ("telegram", False): "🔕", ("email", True): "📧", ("email", False): "✖️"}


@routes.command("notifications", "settings")
async def show_notifications(request: Request) -> None:
    """Show each kind of notification with its switches: in Telegram, and by e-mail for who has an address."""
    await request.send(await request.run(lambda session, person: _screen(session, person, _mails(request))))


@routes.button("tell")
async def switch(request: Request, kind: str, way: str) -> None:
    """Switch one kind of notification on or off, by one way."""

    def work(session: Session, person: User) -> Message:
        choices = choices_of(session, id_of(person), person.language)
        on = {(choice.kind, name) for choice in choices for name, is_on in choice.ways.items() if is_on}
        choose(session, id_of(person), kind, way, (kind, way) not in on)
        return _screen(session, person, _mails(request))

    await request.show(await request.run(work))


@routes.button("mail")
async def show_mail(request: Request) -> None:
    """Show where mail goes, and what can be done about it."""
    await request.show(await request.run(_mail))


@routes.button("mail_other")
async def ask_address(request: Request) -> None:
    """Ask for an address. Raises `Refused` where the shop sends no mail."""
    if not _mails(request):
        raise Refused("mail-off")
    await request.app.dialogs.open(request.person.telegram_id, "mail_address")
    rows = [[labelled(request.language, "cancel", "cancel")]]
    await request.send(Message(request.text("mail-question"), rows))


@routes.answer("mail_address")
async def take_address(request: Request) -> None:
    """Have the address that was written asked whether it is the person's."""
    await _give(request, request.words)


@routes.button("mail_again")
async def ask_again(request: Request) -> None:
    """Have the same address asked once more."""
    row = await request.run(lambda session, person: address_of(session, id_of(person)))
    if row is None:
        raise Refused("mail-address-wrong")
    await _give(request, row.address)


@routes.button("mail_remove")
async def remove_address(request: Request) -> None:
    """Want no mail any more."""

    def work(session: Session, person: User) -> Message:
        forget_address(session, id_of(person))
        return _mail(session, person)

    await request.show(await request.run(work))


async def _give(request: Request, typed: str) -> None:
    if not _mails(request):
        raise Refused("mail-off")
    address = clean_address(typed)
    await count_question(request.app.limiter, f"user:{request.person.id}", address)

    def work(session: Session, person: User) -> Message:
        give_address(session, id_of(person), address, now=request.now)
        return _mail(session, person)

    message = await request.run(work)
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(message)


def _mails(request: Request) -> bool:
    return bool(request.app.settings.smtp_host and request.app.settings.public_url)


def _mail(session: Session, person: User) -> Message:
    row = address_of(session, id_of(person))
    state, language = state_of(row), person.language
    rows: Rows = [[labelled(language, "mail-give" if row is None else "mail-other", "mail_other")]]
    if state in ("asked", "stopped", "refused"):
        rows.insert(0, [labelled(language, "mail-again", "mail_again")])
    if row is not None:
        rows.append([labelled(language, "mail-remove", "mail_remove")])
    return Message(text(language, f"mail-is-{state}", address=row.address if row else ""), rows)


def _screen(session: Session, person: User, mails: bool) -> Message:
    mailed = usable(address_of(session, id_of(person)))
    rows: Rows = []
    for choice in choices_of(session, id_of(person), person.language):
        row: list[Button] = []
        for way, is_on in choice.ways.items():
            label = f"{MARKS[way, is_on]} {choice.title}" if not row else MARKS[way, is_on]
            if way == "telegram" or mailed:
                row.append(button(label, "tell", choice.kind, way))
        rows.append(row)
    if mails:
        rows.append([labelled(person.language, "mail-give", "mail")])
    return Message(
        text(person.language, "notification-choices", mailed="yes" if mailed else "no" if mails else "off"),
        rows,
    )
