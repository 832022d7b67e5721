"""What actors work with (database, store, Telegram, mail): built once in each child, after the fork."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol, cast, runtime_checkable

import redis
from redis.backoff import ExponentialBackoff

from core.kit.db import Database
from core.kit.errors import Permanent
from core.kit.redis_client import open_redis
from core.notifications.letters import Mailer
from core.payments.rails.port import PaymentProvider
from core.payments.rails.stripe.api import StripeApi
from core.ports import ChannelGateway, Messenger, ObjectStore
from core.process.settings import Settings
from core.wiring import connect
from schemas.contracts import TELEGRAM
from workers.instrumentation import SILENT, Meter
from workers.mail import SmtpMailer
from workers.nowpayments import NowPayments
from workers.store import S3Store
from workers.stripe import Addresses, Stripe
from workers.telegram.messenger import TelegramMessenger

REDIS_TIMEOUT = 2.0  # seconds


class NotHere:
    """Stands for a port that this process does not have: whoever uses it gets `Permanent` with the reason."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def close(self) -> None:
        """Do nothing: there is nothing to close."""

    def __getattr__(self, name: str) -> NoReturn:
        raise Permanent(self._reason)


NO_STRIPE = cast(
    StripeApi, NotHere("STRIPE_SECRET_KEY is not set, so there are no cards; set it and replay the job.")
)


@dataclass(frozen=True)
class Services:
    """The ports and connections of one worker process."""

    settings: Settings
    database: Database
    redis: "redis.Redis"
    store: ObjectStore
    messenger: Messenger
    provider: PaymentProvider
    meter: Meter = SILENT
    stripe: StripeApi = NO_STRIPE

    @property
    def channels(self) -> ChannelGateway:
        """The channels of Telegram, by the messenger's account."""
        return self.messenger.channels

    @property
    def mailer(self) -> Mailer:
        """The operator's mail server; nothing of it is held between two letters."""
        return SmtpMailer(self.settings)

    def close(self) -> None:
        """Log out and close all connections."""
        for port in (self.messenger, self.provider, self.stripe):
            if isinstance(port, Closable):
                port.close()
        self.redis.close()
        self.database.dispose()


@runtime_checkable
class Closable(Protocol):
    """An adapter that holds connections."""

    def close(self) -> None:
        """Close them."""


def bootstrap(settings: Settings, queues: Sequence[str], *, threads: int, meter: Meter = SILENT) -> Services:
    """Build the services of a process that serves these queues. Only the one of `TELEGRAM` talks to it."""
    connect()
    # Threads, and the sweeper, the lease keeper and the scheduler beside them.
    database = Database(
        settings.database_url,
        pool_size=max(settings.database_pool, threads + 3),
        max_overflow=settings.database_overflow,
        application=f"comptoir {queues[0]}",
    )
    meter.watch(database)
    client = open_redis(
        settings.redis_url, timeout=REDIS_TIMEOUT, retries=2, backoff=ExponentialBackoff(cap=0.2, base=0.02)
    )
    return Services(
        settings=settings,
        database=database,
        redis=client,
        store=S3Store(settings, meter),
        messenger=(
            open_messenger(settings, database, client, meter)
            if set(TELEGRAM) & set(queues)
            else _no_messenger()
        ),
        provider=open_provider(settings),
        meter=meter,
        stripe=open_stripe(settings),
    )


def open_messenger(
    settings: Settings, database: Database, client: "redis.Redis", meter: Meter = SILENT
) -> Messenger:
    """The bot's account, where a session begins to log in, or what says that there is none."""
    if settings.bot_token:
        messenger = TelegramMessenger(settings, database, client, meter)
        messenger.open_soon()
        return messenger
    return cast(
        Messenger, NotHere("BOT_TOKEN is not set, so nothing can be sent; set it and replay the job.")
    )


def _no_messenger() -> Messenger:
    return cast(
        Messenger, NotHere(f"Only the queues {' and '.join(TELEGRAM)} talk to Telegram: enqueue a job there.")
    )


def open_provider(settings: Settings) -> PaymentProvider:
    """The account at NOWPayments, or what says that there is none."""
    if settings.nowpayments_api_key and settings.public_url:
        return NowPayments(settings)
    return cast(
        PaymentProvider, NotHere("NOWPAYMENTS_API_KEY or PUBLIC_URL is not set, so there is no crypto rail.")
    )


def open_stripe(settings: Settings) -> StripeApi:
    """Stripe with the operator's key, or what says that there is none."""
    if not settings.stripe_secret_key:
        return NO_STRIPE
    return stripe_client(settings)


def stripe_client(settings: Settings) -> Stripe:
    """Stripe with the operator's key, or its stand-in."""
    stand_in = settings.stripe_address
    return Stripe(settings.stripe_secret_key, Addresses(stand_in, stand_in, stand_in) if stand_in else None)
