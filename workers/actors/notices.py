"""Jobs that send a person a notification in Telegram, and those that relay questions to staff."""

from core.jobs import single_statement
from core.kit.errors import Unreachable
from core.kit.names import number_of
from core.kit.rows import id_of
from core.notifications.recipients import mark_blocked, staff
from core.notifications.telegram_messages import notification, support_request
from core.people.people import reader_of, user_of
from core.people.support import record_relay
from core.ports import Identity, Message
from schemas import jobs
from schemas.catalogue import Product
from schemas.people import User
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


@actor(jobs.RelaySupport)
def relay_support(run: Run, job: jobs.RelaySupport) -> None:
    """Relay a person's question to every staff member, and remember under which message."""
    with run.services.database.transaction() as session:
        author, readers = user_of(session, job.user_id), staff(session)
        order = session.get(Order, job.order_id) if job.order_id else None
        product = session.get(Product, order.product_id) if order else None
    for reader in readers:
        message = support_request(
            reader.language,
            name=author.name,
            username=author.username,
            telegram_id=author.telegram_id,
            about=job.about,
            words=job.words,
            order_number=number_of(id_of(order)) if order else None,
            title=product.title if product else None,
        )
        _relay(run, job, reader, message)


def _relay(run: Run, job: jobs.RelaySupport, reader: User, message: Message) -> None:
    number = _send(run, f"staff:{reader.telegram_id}", id_of(reader), reader.telegram_id, message)
    if number is None:
        return
    with run.services.database.transaction() as session:
        record_relay(
            session,
            user_id=job.user_id,
            order_id=job.order_id,
            staff_telegram_id=reader.telegram_id,
            staff_message_id=number,
        )


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
