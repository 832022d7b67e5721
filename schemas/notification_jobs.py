"""Job contracts of notifications and mail, in the manner of `schemas.jobs`, which lists them with all others.

A mail server is not Telegram: its jobs are in the queue `bulk`, where they hold nobody up.
"""

from typing import ClassVar

from schemas.contracts import BRIEF, PATIENT, JobContract, Queue, RetryPolicy


class MailNotification(JobContract, frozen=True):
    """Send a notification by e-mail, if its person still wants it and has a confirmed address."""

    actor: ClassVar[str] = "mail_notification"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    notification_id: int


class ConfirmMail(JobContract, frozen=True):
    """Ask an address whether it is its reader's."""

    actor: ClassVar[str] = "confirm_mail"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    address_id: int
    issue: int


class MailClaim(JobContract, frozen=True):
    """Send the buyer of a web order the link that opens it in Telegram."""

    actor: ClassVar[str] = "mail_claim"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = PATIENT

    order_id: int


class PruneNotifications(JobContract, frozen=True):
    """Delete notifications whose days are over, and addresses that nobody confirmed (C30)."""

    actor: ClassVar[str] = "prune_notifications"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


NOTIFICATION_JOBS: tuple[type[JobContract], ...] = (
    MailNotification,
    ConfirmMail,
    MailClaim,
    PruneNotifications,
)
