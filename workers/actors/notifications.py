"""Jobs that send mail, and the one that deletes old notifications."""

from core.notifications import inbox, outgoing
from core.notifications.addresses import refused
from core.notifications.letters import AddressRefused
from core.notifications.outgoing import Outgoing
from core.payments.claim_mail import claim_mail
from core.people.support_mail import answer_mail
from schemas import notification_jobs as jobs
from workers.registry import actor
from workers.run import Run


@actor(jobs.MailNotification)
def mail_notification(run: Run, job: jobs.MailNotification) -> None:
    """Send a notification by e-mail, if it is wanted still."""
    with run.services.database.transaction() as session:
        mail = outgoing.of_notification(session, job.notification_id, run.services.settings)
    _send(run, mail)


@actor(jobs.ConfirmMail)
def confirm_mail(run: Run, job: jobs.ConfirmMail) -> None:
    """Ask a new address to confirm itself; its links are written down first, to work once they arrive."""
    with run.services.database.transaction() as session:
        mail = outgoing.of_question(session, job.address_id, job.issue, run.services.settings, now=run.now())
    _send(run, mail)


@actor(jobs.MailClaim)
def mail_claim(run: Run, job: jobs.MailClaim) -> None:
    """Send the claim link of a paid web order; every attempt issues a claim of its own."""
    with run.services.database.transaction() as session:
        mail = claim_mail(session, job.order_id, run.services.settings, now=run.now())
    _send(run, mail)


@actor(jobs.MailOrderNews)
def mail_order_news(run: Run, job: jobs.MailOrderNews) -> None:
    """Send news of a web order to its confirmed address."""
    with run.services.database.transaction() as session:
        settings = run.services.settings
        issue = str(run.job_id)
        mail = outgoing.of_order_news(session, job.order_id, job.text, job.params, settings, issue=issue)
    _send(run, mail)


@actor(jobs.MailSupportAnswer)
def mail_support_answer(run: Run, job: jobs.MailSupportAnswer) -> None:
    """Send an answer of support to whoever has no chat with the bot."""
    with run.services.database.transaction() as session:
        mail = answer_mail(session, job.answer_id, run.services.settings)
    _send(run, mail)


@actor(jobs.PruneNotifications)
def prune_notifications(run: Run, job: jobs.PruneNotifications) -> None:
    """Delete old notifications (C30)."""
    with run.effect() as session:
        inbox.prune(session, days=run.services.settings.notification_days, now=run.now())


def _send(run: Run, mail: Outgoing | None) -> None:
    """Send, if there is anything; an address that does not exist is remembered and the job is done."""
    if mail is None:
        return
    try:
        run.services.mailer.send(mail.letter, now=run.now())
    except AddressRefused as error:
        with run.effect() as session:
            refused(session, mail.address_id, mail.issue, str(error), now=run.now())
