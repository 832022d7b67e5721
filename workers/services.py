"""What actors work with: built once in each child, after the fork."""

from dataclasses import dataclass

import redis

from core.db import Database
from core.ports import Messenger, ObjectStore, PaymentProvider
from core.settings import Settings


@dataclass(frozen=True)
class Services:
    """The ports and connections of one worker process."""

    settings: Settings
    database: Database
    redis: "redis.Redis"
    store: ObjectStore
    messenger: Messenger
    provider: PaymentProvider
