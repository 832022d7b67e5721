"""Webhook endpoints and the events that were.

https://docs.stripe.com/api/webhook_endpoints, https://docs.stripe.com/api/events (kept for 30 days).
"""

import re
import secrets

from scripts.sandbox.stripe.book import DAY, VERSION, Book, Thing
from scripts.sandbox.stripe.errors import StripeError, invalid, missing
from scripts.sandbox.stripe.lists import Call, listing, page
from scripts.sandbox.stripe.sender import Endpoint, Secret, Sender
from scripts.sandbox.stripe.values import ANY, ONE, PAGE, Table, merge

KEPT = 30 * DAY
MOST_TYPES = 20
MOST_ENDPOINTS = 16
CREATE: Table = {
    "api_version": str,
    "connect": bool,
    "description": str,
    "enabled_events!": [str],
    "metadata": ANY,
    "url!": str,
} | ONE
UPDATE: Table = {
    "description": str,
    "disabled": bool,
    "enabled_events": [str],
    "metadata": ANY,
    "url": str,
} | ONE
EVENTS: Table = PAGE | {"delivery_success": bool, "type": str, "types": [str]}
DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[a-z]+)?")


class Webhooks:
    """The calls that know the sender."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender

    def create(self, book: Book, call: Call) -> Thing:
        """POST /v1/webhook_endpoints: the answer alone shows the secret."""
        params = call.read(CREATE)
        _platform_only(call)
        _check(params)
        if len(self.sender.endpoints) >= MOST_ENDPOINTS:
            raise invalid("webhook_endpoints_limit", "You have reached the maximum of 16 webhook endpoints.")
        connect = params.get("connect", False)
        thing = book.make(
            None,
            "we",
            "webhook_endpoint",
            api_version=params.get("api_version"),
            application=book.application if connect else None,
            description=params.get("description"),
            enabled_events=params["enabled_events"],
            metadata=params.get("metadata", {}),
            status="enabled",
            url=params["url"],
        )
        endpoint = Endpoint(thing, connect, [new_secret()])
        self.sender.endpoints.append(endpoint)
        return thing | {"secret": endpoint.secrets[0].text}

    def update(self, book: Book, call: Call) -> Thing:
        """POST /v1/webhook_endpoints/{id}."""
        params = call.read(UPDATE)
        _check(params)
        thing = book.get(None, "webhook_endpoint", call.ids[0])
        thing |= {name: params[name] for name in ("enabled_events", "url", "description") if name in params}
        thing["metadata"] = merge(thing["metadata"], params.get("metadata", {}))
        if "disabled" in params:
            thing["status"] = "disabled" if params["disabled"] else "enabled"
        return thing

    def delete(self, book: Book, call: Call) -> Thing:
        """DELETE /v1/webhook_endpoints/{id}."""
        call.read({})
        thing = book.get(None, "webhook_endpoint", call.ids[0])
        del book.things[None]["webhook_endpoint"][thing["id"]]
        self.sender.endpoints = [one for one in self.sender.endpoints if one.thing["id"] != thing["id"]]
        return {"id": thing["id"], "object": "webhook_endpoint", "deleted": True}

    def list_all(self, book: Book, call: Call) -> Thing:
        """GET /v1/webhook_endpoints."""
        return listing(book, call, "webhook_endpoint", PAGE)

    def retrieve_event(self, book: Book, call: Call) -> Thing:
        """GET /v1/events/{id}."""
        call.read(ONE)
        return self._event(book, call, "event")

    def retrieve_thin(self, book: Book, call: Call) -> Thing:
        """GET /v2/core/events/{id}."""
        call.read({})
        return self._event(book, call, "v2.core.event")

    def list_events(self, book: Book, call: Call) -> Thing:
        """GET /v1/events: newest first, of this account alone, of 30 days."""
        params = call.read(EVENTS)
        types = params.get("types", [params["type"]] if "type" in params else [])
        if len(types) > MOST_TYPES or ("type" in params and "types" in params):
            raise invalid("parameter_invalid", "At most 20 types, or one type.", "types")
        events = self._events(book, call, "event")
        if types:
            events = [event for event in events if _fits(event["type"], types)]
        if "delivery_success" in params:
            successful = params["delivery_success"]
            events = [event for event in events if (event["id"] not in self.sender.failed) == successful]
        return page(call, events, params)

    def _event(self, book: Book, call: Call, kind: str) -> Thing:
        for event in self._events(book, call, kind):
            if event["id"] == call.ids[0]:
                return event
        raise missing("event", call.ids[0])

    def _events(self, book: Book, call: Call, kind: str) -> list[Thing]:
        oldest = book.now() - KEPT
        of_account = [sent.event for sent in book.events if sent.account == call.account]
        own = [event for event in of_account if event["object"] == kind]
        if kind == "event":
            own = [event for event in own if event["created"] >= oldest]
            own = [event | {"pending_webhooks": int(event["id"] in self.sender.failed)} for event in own]
        return own


def roll(book: Book, endpoint: Endpoint, hours: int = 24) -> str:
    """A new secret; the old one signs too for so long (https://docs.stripe.com/webhooks#roll-endpoint-secrets)."""
    ends = book.now() + hours * 3600
    secret = new_secret()
    endpoint.secrets = [secret, *(Secret(one.text, ends) for one in endpoint.secrets[:1] if hours)]
    return secret.text


def new_secret() -> Secret:
    """A signing secret as Stripe writes them."""
    return Secret(f"whsec_{secrets.token_hex(16)}")


def _fits(kind: str, wishes: list[str]) -> bool:
    return any(kind == wish or (wish.endswith("*") and kind.startswith(wish[:-1])) for wish in wishes)


def _platform_only(call: Call) -> None:
    if call.account is not None:
        message = "Webhook endpoints of a connected account cannot be made by the platform."
        raise StripeError(403, "application_not_permitted", message)


def _check(params: Thing) -> None:
    url = params.get("url", "http://")
    if not url.startswith(("https://", "http://")):
        raise invalid("url_invalid", "Invalid URL: an explicit scheme must be provided.", "url")
    if params.get("enabled_events") == []:
        raise invalid("parameter_missing", "enabled_events may not be empty.", "enabled_events")
    version = params.get("api_version", VERSION)
    if not DATED.fullmatch(version):
        raise invalid("parameter_invalid", f"Invalid Stripe API version: {version}", "api_version")
