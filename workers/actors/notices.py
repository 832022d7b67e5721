"""Jobs that send a person a notification in Telegram, and those that show questions to staff."""

from core.jobs import single_statement
from core.kit.bad_rows import note_bad_row
from core.kit.errors import Permanent, Unreachable
from core.kit.languages import LANGUAGES
from core.kit.rows import id_of
from core.kit.texts import plain
from core.notifications.recipients import mark_blocked
from core.notifications.telegram_messages import notification
from core.people.commands import menu_of, staff_commands
from core.people.people import reader_of, user_of
from core.people.support import answerers, ask, record_relay
from core.people.support_inbox import question_view
from core.people.support_words import support_request
from core.ports import Identity, Message
from schemas import jobs
from schemas.catalogue import Product
from schemas.sales import Order
from workers.registry import actor
from workers.run import Run


@actor(jobs.Notify)
def notify(run: Run, job: jobs.Notify) -> None:
    """Send one text in the person's language, unless they have blocked the bot."""
    with run.services.database.statements() as session:
        reader = single_statement.run(session, reader_of(job.user_id))
    if not reader.blocked:
        message = notification(reader.language, job.text, job.params, job.buttons)
        _send(run, "notice", reader.user_id, reader.telegram_id, message, awaited=False)


@actor(jobs.SetMenu)
def set_menu(run: Run, job: jobs.SetMenu) -> None:
    """Show a person the commands of their roles; whoever never wrote to the bot gets them at `/start`."""
    with run.services.database.transaction() as session:
        person = user_of(session, job.user_id)
        names = menu_of(person.roles) if staff_commands(person.roles) else []
    commands: dict[str, list[tuple[str, str]]] = {
        language: [(name, plain(language, f"command-{name}")) for name in names] for language in LANGUAGES
    }
    try:
        run.services.messenger.set_commands(person.telegram_id, commands)
    except Unreachable:
        return


@actor(jobs.RelayQuestion)
def relay_question(run: Run, job: jobs.RelayQuestion) -> None:
    """Show a question to all who may answer it, and remember under which message, while nobody has."""
    with run.services.database.transaction() as session:
        view, readers = question_view(session, job.question_id), answerers(session, now=run.now())
        question = view.question
        order = session.get(Order, question.order_id) if question.order_id else None
        product = session.get(Product, order.product_id) if order else None
    for reader in readers if question.state == "open" else ():
        message = support_request(reader.language, question, product.title if product else "")
        try:
            number = _send(run, f"staff:{reader.telegram_id}", id_of(reader), reader.telegram_id, message)
        except Permanent as error:  # of this reader alone: the others are shown the question
            with run.effect() as session:
                note_bad_row(session, "answerers", str(reader.id), error, now=run.now())
            continue
        if number is not None:
            with run.services.database.transaction() as session:
                record_relay(
                    session,
                    job.question_id,
                    staff_telegram_id=reader.telegram_id,
                    staff_message_id=number,
                )


@actor(jobs.RelaySupport)
def relay_support(run: Run, job: jobs.RelaySupport) -> None:
    """Make a question of before the upgrade a row, which is then shown as any other."""
    key = f"job:{run.job_id}"
    with run.effect() as session:
        author = user_of(session, job.user_id)
        ask(session, author, job.words, about=job.about, order_id=job.order_id, key=key, now=run.now())


def _send(
    run: Run, part: str, user_id: int, telegram_id: int, message: Message, *, awaited: bool = True
) -> int | None:
    """Send and return the message's id; None for a person out of reach, which is remembered."""
    try:
        return run.services.messenger.send(Identity(run.job_id, part), telegram_id, message, awaited=awaited)
    except Unreachable:
        with run.services.database.transaction() as session:
            mark_blocked(session, user_id, run.now())
        return None
