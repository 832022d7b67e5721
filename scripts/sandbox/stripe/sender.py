"""Sends events to webhook endpoints as Stripe does, and with its faults where a driver says so.

https://docs.stripe.com/webhooks: signatures, retries with back-off for three days, no promised order, more
than once. How long Stripe waits between tries it does not say: the steps are the stand-in's.
"""

import copy
import hashlib
import heapq
import hmac
import json
import random
import ssl
import threading
import time
from dataclasses import dataclass, field

import httpx

from scripts.sandbox.stripe.book import Book, Sent, Thing

PATIENCE = 10.0  # seconds that the shop has for its answer
RETRIES = (60, 300, 1800, 7200, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
"""Seconds of the stand-in's clock after each failed try: three days in all."""

OLD_VERSION = "2024-06-20"
FLUSH_SECONDS = 30.0
TICK = 0.5  # seconds between looks at the clock while something waits for later
USER_AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"


@dataclass(frozen=True)
class Secret:
    """A signing secret, and when it ends: while it is rolled two are good."""

    text: str
    ends: int | None = None


@dataclass
class Endpoint:
    """An address that hears of events: of connected accounts, or of the platform's own."""

    thing: Thing
    connect: bool
    secrets: list[Secret]

    def wants(self, sent: Sent) -> bool:
        """Whether it was set up for this event. Thin ones go where their type is named."""
        enabled = self.thing["enabled_events"]
        thin = sent.event["object"] == "v2.core.event"
        named = sent.event["type"] in enabled or ("*" in enabled and not thin)
        return self.thing["status"] == "enabled" and named and (thin or self.connect == bool(sent.account))


@dataclass(order=True)
class Delivery:
    """One event for one endpoint, due at a moment of the stand-in's clock."""

    due: int
    order: int
    endpoint: Endpoint = field(compare=False)
    event: Thing = field(compare=False)
    old: bool = field(compare=False, default=False)
    tries: int = field(compare=False, default=0)


class Sender:
    """A thread that delivers. `answers`: (event id, status of the answer, 0 for none), as they came."""

    def __init__(self, book: Book) -> None:
        self.endpoints: list[Endpoint] = []
        self.withheld: list[Sent] = []
        self.lost: list[Sent] = []
        self.answers: list[tuple[str, int]] = []
        self.failed: set[str] = set()
        """Events that some endpoint has not taken yet."""
        self._book = book
        self._queue: list[Delivery] = []
        self._busy = self._stopped = False
        self._count = 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Deliver nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()

    def accept(self, batch: list[Sent]) -> None:
        """Take the events of one piece of work, as a good or a bad day has it."""
        faults = self._book.faults
        for sent in batch:
            if any(endpoint.wants(sent) for endpoint in self.endpoints):
                self.failed.add(sent.event["id"])
                if faults.lose > 0:
                    faults.lose -= 1
                    self.lost.append(sent)
                else:
                    self.withheld.append(sent)
        if not faults.withhold:
            self.release()

    def release(self) -> None:
        """Let go what waits: mixed, and as often as the faults say."""
        faults = self._book.faults
        waiting, self.withheld = self.withheld, []
        if faults.shuffle is not None:
            random.Random(faults.shuffle).shuffle(waiting)  # noqa: S311 (a seed gives the same order again)
        with self._changed:
            for sent in [sent for sent in waiting for _ in range(faults.copies)]:
                for endpoint in self.endpoints:
                    if endpoint.wants(sent):
                        self._push(Delivery(self._book.now() + faults.delay, 0, endpoint, sent.event))
            self._changed.notify_all()

    def send_again(self, event_id: str) -> None:
        """Send one event by hand, as the Dashboard's button does, lost ones too."""
        for sent in self._book.events:
            if sent.event["id"] == event_id:
                with self._changed:
                    for endpoint in self.endpoints:
                        if endpoint.wants(sent):
                            self._push(Delivery(self._book.now(), 0, endpoint, sent.event))
                    self._changed.notify_all()

    def flush(self) -> None:
        """Wait until all that is due is delivered, or has failed once. Raises `TimeoutError`."""
        with self._changed:
            self._changed.notify_all()
            if not self._changed.wait_for(self._is_idle, FLUSH_SECONDS):
                raise TimeoutError("Some endpoint takes too long.")

    def _is_idle(self) -> bool:
        return self._stopped or not (self._busy or self._is_due())

    def _is_due(self) -> bool:
        return bool(self._queue) and self._queue[0].due <= self._book.now()

    def _push(self, delivery: Delivery) -> None:
        self._count += 1
        delivery.order, delivery.old = self._count, self._book.faults.old_version
        heapq.heappush(self._queue, delivery)

    def _run(self) -> None:
        # An empty context: reading the certificates of the world takes longer than many a test.
        nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with httpx.Client(timeout=PATIENCE, trust_env=False, verify=nobody) as client:
            while (delivery := self._next()) is not None:
                http_status = self._post(client, delivery)
                with self._changed:
                    self._settle(delivery, http_status)
                    self._busy = False
                    self._changed.notify_all()

    def _next(self) -> Delivery | None:
        with self._changed:
            while not self._stopped and not self._is_due():
                self._changed.wait(TICK if self._queue else None)
            if self._stopped:
                return None
            self._busy = True
            return heapq.heappop(self._queue)

    def _settle(self, delivery: Delivery, http_status: int) -> None:
        event = delivery.event
        self.answers.append((event["id"], http_status))
        if 200 <= http_status < 300:
            self.failed.discard(event["id"])
        elif delivery.tries < len(RETRIES):
            due = self._book.now() + RETRIES[delivery.tries]
            self._push(Delivery(due, 0, delivery.endpoint, event, tries=delivery.tries + 1))

    def _post(self, client: httpx.Client, delivery: Delivery) -> int:
        event = older(delivery.event) if delivery.old else delivery.event
        event = event | ({"pending_webhooks": 1} if "pending_webhooks" in event else {})
        body = json.dumps(event, indent=2).encode()  # Stripe's own are indented by two
        headers = {
            "content-type": "application/json; charset=utf-8",
            "stripe-signature": signature(delivery.endpoint, body, self._book.now()),
            "user-agent": USER_AGENT,
        }
        try:
            return client.post(delivery.endpoint.thing["url"], content=body, headers=headers).status_code
        except httpx.HTTPError:
            return 0


def signature(endpoint: Endpoint, body: bytes, now: int) -> str:
    """The header Stripe-Signature, by the machine's own clock: it is the shop that judges it.

    `now` by the stand-in's clock: secrets end by that.
    """
    good = [secret.text for secret in endpoint.secrets if secret.ends is None or secret.ends > now]
    return sign(good, body, int(time.time()))


def sign(secrets: list[str], body: bytes, moment: int) -> str:
    """The header for these secrets at a moment, seconds since 1970; a v0 stands beside as in test mode."""
    signed = b"%d.%s" % (moment, body)
    signs = [hmac.new(text.encode(), signed, hashlib.sha256).hexdigest() for text in secrets]
    return ",".join([f"t={moment}", *(f"v1={sign}" for sign in signs), f"v0={'0' * 64}"])


def older(event: Thing) -> Thing:
    """An event as an endpoint of an old version gets it: what basil moved stands where it stood before.

    https://docs.stripe.com/changelog/basil#2025-03-31.basil
    """
    event = copy.deepcopy(event) | {"api_version": OLD_VERSION}
    thing = event.get("data", {}).get("object", {})
    if thing.get("object") == "subscription":
        item = thing["items"]["data"][0]
        for name in ("current_period_start", "current_period_end"):
            thing[name] = item.pop(name)
    if thing.get("object") == "invoice":
        thing["subscription"] = thing.pop("parent")["subscription_details"]["subscription"]
        thing["paid"] = thing["status"] == "paid"
    return event
