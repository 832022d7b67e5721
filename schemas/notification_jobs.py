"""Job contracts of notifications and mail, in the manner of `schemas.jobs`, which lists them with all others.

A mail server is not Telegram: its jobs are in the queue `bulk`, where they hold nobody up.
"""

from typing import ClassVar

from schemas.contracts import BRIEF, PATIENT, JobContract, Once, Queue, RetryPolicy


class MailNotification(JobContract, frozen=True):
    """Send a notification by e-mail, if its person still wants it and has a confirmed address."""

    actor: ClassVar[str] = "mail_notification"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    notification_id: int

    def once(self) -> Once:
        """One mail for each notification."""
        return self._once(self.notification_id, word="mail")


class ConfirmMail(JobContract, frozen=True):
    """Ask an address whether it is its reader's."""

    actor: ClassVar[str] = "confirm_mail"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    address_id: int
    issue: int

    def once(self) -> Once:
        """One question for each issue of an address."""
        return self._once(self.address_id, self.issue, word="confirm-mail")


class MailClaim(JobContract, frozen=True):
    """Send the buyer of a web order the link that opens it in Telegram."""

    actor: ClassVar[str] = "mail_claim"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    order_id: int

    def once(self) -> Once:
        """One mail for each order."""
        return self._once(self.order_id, word="mail-claim")


class MailOrderNews(JobContract, frozen=True):
    """Send news of a web order that nobody has claimed to its confirmed address."""

    actor: ClassVar[str] = "mail_order_news"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    order_id: int
    text: str
    params: dict[str, str | int]

    def once(self, occasion: str) -> Once:
        """One mail for each text and occasion."""
        return self._once(self.text, occasion)


class MailSupportAnswer(JobContract, frozen=True):
    """Send an answer of support to whoever asked on the page of a web order."""

    actor: ClassVar[str] = "mail_support_answer"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    answer_id: int

    def once(self) -> Once:
        """One mail for each answer."""
        return self._once(self.answer_id)


class PruneNotifications(JobContract, frozen=True):
    """Delete notifications whose days are over, and addresses that nobody confirmed (C30)."""

    actor: ClassVar[str] = "prune_notifications"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


NOTIFICATION_JOBS: tuple[type[JobContract], ...] = (
    MailNotification,
    ConfirmMail,
    MailClaim,
    MailOrderNews,
    MailSupportAnswer,
    PruneNotifications,
)
