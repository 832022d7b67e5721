"""The interactive worker in a thread of the test: answers questions by the real answers on a real store."""

import threading
from typing import Any, cast

import msgspec
import redis

from core.jobs.redis_queue import Wire
from core.kit.db import Database
from core.process.settings import Settings
from schemas.contracts import EphemeralContract
from schemas.jobs import CONTRACTS
from workers.actors import presign, preview, uploads
from workers.registry import registry
from workers.runtime.runner import Runner
from workers.services import Services
from workers.store import S3Store

REGISTERED = (presign, preview, uploads)
"""Imported for what they register."""


class Worker:
    """Answers until it is stopped; `perform` does the durable jobs that the test asks for."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._redis: redis.Redis = redis.Redis.from_url(settings.redis_url)
        nobody = cast(Any, None)  # none of these jobs talks to Telegram or a payment provider
        self.store = S3Store(settings)
        self._services = Services(settings, database, self._redis, self.store, nobody, nobody)
        self._runner = Runner(self._services, "test:1")
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()
        self._redis.close()

    def perform(self, actor: str, job_id: Any) -> None:
        contract = CONTRACTS[actor]
        self._runner.perform(contract, registry.actors[contract], job_id)

    def _serve(self) -> None:
        wire = Wire(self._redis)
        while not self._stopped.is_set():
            if (body := wire.pop("interactive", 1)) is None:
                continue
            message = msgspec.json.decode(body)
            contract = cast(type[EphemeralContract], CONTRACTS[message["actor_name"]])
            if message["kwargs"].get("answer_to"):
                answer = registry.answers[contract]
                told = message["kwargs"]
                self._runner.answer(contract, answer, told["payload"], told["answer_to"])
