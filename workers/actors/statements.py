"""The job that sends a seller the CSV of a month."""

from contextlib import suppress

from core.kit.errors import Refused, Unreachable
from core.kit.rows import id_of
from core.kit.texts import text
from core.payments.month_sums import month_of, seller_to_state
from core.payments.statements import file_name, file_of
from core.people.people import user_of
from core.ports import Identity
from schemas.paper_jobs import SendStatement
from workers.registry import actor
from workers.run import Run


@actor(SendStatement)
def send_statement(run: Run, job: SendStatement) -> None:
    """Make the file anew at each attempt: it is small, and Telegram shows it once."""
    with run.services.database.transaction() as session:
        person = user_of(session, job.user_id)
        try:
            seller = seller_to_state(session, person)
        except Refused:  # not theirs any more
            return
        content = file_of(session, id_of(seller), job.month).encode()
        shop = seller.legal_name or seller.name
    begin, _ = month_of(job.month)
    caption = text(person.language, "statement-file", shop=shop, when=int(begin.timestamp()))
    identity = Identity(run.job_id, "statement")
    with suppress(Unreachable):
        run.services.messenger.send_file(identity, person.telegram_id, file_name(job.month), content, caption)
