"""All that the stand-in knows: the objects of each account, events, the clock, what drivers asked for."""

import copy
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from scripts.sandbox.stripe.errors import missing
from scripts.sandbox.stripe.faults import Faults

VERSION = "2026-10-28.endive"
"""The API version whose objects the stand-in makes."""

DAY = 86_400  # seconds
Account = str | None
"""The account that an object belongs to; None: the platform's own."""

Thing = dict[str, Any]
"""An object of Stripe's, as its API shows it."""

NO_REQUEST = {"id": None, "idempotency_key": None}
"""What an event names that comes of no request."""

How = Literal["ok", "decline", "action", "fraud", "warn", "later", "none"]
"""What comes of a card: paid, declined, to be authenticated (3-D Secure), paid and disputed, paid and warned
of, debited from a bank in days; none: there is no card."""

Final = Literal["canceled", "unpaid", "past_due"]
"""What becomes of a subscription whose last retry failed, a setting of the seller's Dashboard."""


@dataclass
class Seller:
    """What is set for an account outside of the API. `tax`: percent, None where Stripe Tax is off."""

    final: Final = "canceled"
    tax: float | None = None
    refunds: Literal["succeeded", "pending"] = "succeeded"


@dataclass(frozen=True)
class Sent:
    """An event and the endpoints that are to hear of it."""

    account: Account
    event: Thing


@dataclass
class Book:
    """The state of one stand-in. Every change happens within `working`."""

    url: str = ""
    application: str = field(default_factory=lambda: f"ca_{secrets.token_hex(8)}")
    things: dict[Account, dict[str, dict[str, Thing]]] = field(default_factory=lambda: {None: {}})
    notes: dict[str, Thing] = field(default_factory=dict)
    """By an object's id: what Stripe knows of it and does not show."""
    sellers: dict[Account, Seller] = field(default_factory=dict)
    events: list[Sent] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    refuses_legacy: bool = False
    """Whether POST /v1/accounts is refused, as it is to new platforms since 2026-08-26."""
    cause: Thing = field(default_factory=lambda: dict(NO_REQUEST))
    """The request that events come of, as they name it."""
    shift: int = 0
    """Seconds that the clock is ahead of this machine's."""
    on_event: Callable[[Thing], None] = lambda event: None
    on_done: Callable[[list[Sent]], None] = lambda batch: None
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _depth: int = 0
    _count: int = 0
    _batch: list[Sent] = field(default_factory=list)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the book; its events are sent once the outermost of these ends."""
        with self._lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0 and self._batch:
                    batch, self._batch = self._batch, []
                    self.on_done(batch)

    def now(self) -> int:
        """Seconds since 1970, by the stand-in's clock."""
        return int(time.time()) + self.shift

    def id(self, prefix: str) -> str:
        """A new id, in the order of creation."""
        self._count += 1
        return f"{prefix}_{self._count:07d}{secrets.token_hex(6)}"

    def number(self) -> int:
        """How many ids were given out: a number that rises."""
        return self._count

    def seller(self, account: Account) -> Seller:
        """What is set for an account."""
        return self.sellers.setdefault(account, Seller())

    def make(self, account: Account, prefix: str, kind: str, /, **fields: Any) -> Thing:
        """A new object, with what nearly all have: `id`, `object`, `created`, `livemode`."""
        thing = {"id": self.id(prefix), "object": kind, "created": self.now(), "livemode": False} | fields
        return self.put(account, thing)

    def put(self, account: Account, thing: Thing) -> Thing:
        """Keep an object, under its own kind and id."""
        self.things.setdefault(account, {}).setdefault(thing["object"], {})[thing["id"]] = thing
        return thing

    def all(self, account: Account, kind: str) -> list[Thing]:
        """The objects of a kind, oldest first."""
        return list(self.things.get(account, {}).get(kind, {}).values())

    def get(self, account: Account, kind: str, identity: str, param: str = "id") -> Thing:
        """An object of an account. Raises `StripeError` 404, also for one of another account."""
        thing = self.things.get(account, {}).get(kind, {}).get(identity)
        if thing is None:
            raise missing(kind.replace(".", " "), identity, param)
        return thing

    def find(self, kind: str, identity: str) -> tuple[Account, Thing]:
        """An object and its account, for drivers and pages. Raises `StripeError` 404."""
        for account, kinds in self.things.items():
            if identity in kinds.get(kind, {}):
                return account, kinds[kind][identity]
        raise missing(kind, identity)

    def note(self, identity: str) -> Thing:
        """What is remembered of an object, to be read and changed."""
        return self.notes.setdefault(identity, {})

    def emit(self, account: Account, kind: str, thing: Thing, before: Thing | None = None) -> None:
        """Write an event of what an object is now; `before`: its fields that changed, as they were."""
        change = {"object": copy.deepcopy(thing)} | ({"previous_attributes": before} if before else {})
        for _ in range(2 if self.faults.twins else 1):
            event = {
                "id": self.id("evt"),
                "object": "event",
                "api_version": VERSION,
                "created": self.now(),
                "data": change,
                "livemode": self.faults.live,
                "pending_webhooks": 0,
                "request": dict(self.cause),
                "type": kind,
            } | ({"account": account} if account else {})
            self.publish(account, event)

    def publish(self, account: Account, event: Thing) -> None:
        """Keep an event of any form, and have it sent when the work is done."""
        sent = Sent(account, event)
        self.events.append(sent)
        self._batch.append(sent)
        self.on_event(event)

    def export(self) -> Thing:
        """Everything as JSON: accounts by id ("" is the platform), kinds, objects; events; settings."""
        with self._lock:
            accounts = {account or "": kinds for account, kinds in self.things.items()}
            events = [{"account": sent.account, "event": sent.event} for sent in self.events]
            sellers = {account or "": asdict(seller) for account, seller in self.sellers.items()}
            state = {"now": self.now(), "accounts": accounts, "events": events, "sellers": sellers}
            return copy.deepcopy(state)
