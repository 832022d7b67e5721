"""What the doctor says of Stripe, with the loopback Stripe."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from core.payments.rails.stripe.protocol import API_VERSION, Fields
from core.process.settings import Settings
from scripts.doctor.finding import Finding
from scripts.doctor.stripe import Endpoint, stripe
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.contract.paths import absent
from tests.contract.source import find
from tests.support.stripe_sandbox import judged_stripe
from workers.services import stripe_client
from workers.stripe import Stripe

ADDRESS = "https://shop.example/webhooks/stripe"


@dataclass
class Shop:
    """A shop with a stand-in."""

    sandbox: StripeSandbox
    settings: Settings
    client: Stripe

    def says(self, **changed: str) -> dict[str, Finding]:
        return {each.name: each for each in stripe(replace(self.settings, **changed))}  # type: ignore[arg-type]

    def states(self) -> tuple[str, str]:
        said = self.says()
        return said["stripe webhooks of the shop"].state, said["stripe webhooks of sellers"].state

    def listens(self, url: str = ADDRESS, *, connect: bool, version: str = API_VERSION) -> None:
        wish: Fields = {"url": url, "connect": connect, "api_version": version, "enabled_events": ["*"]}
        self.client.post(Endpoint, "/v1/webhook_endpoints", wish, key=f"{url}-{connect}-{version}")


@pytest.fixture
def shop(settings: Callable[..., Settings]) -> Iterator[Shop]:
    with judged_stripe() as sandbox:
        ours = settings(
            public_url="https://shop.example", stripe_secret_key=sandbox.key, stripe_address=sandbox.url
        )
        client = stripe_client(ours)
        yield Shop(sandbox, ours, client)
        client.close()


def test_what_is_read_of_an_endpoint_is_in_stripes_contract() -> None:
    assert absent(Endpoint, find("_webhook_endpoint", "WebhookEndpoint")) == []


def test_a_shop_without_a_key_is_asked_nothing(settings: Callable[..., Settings]) -> None:
    assert list(stripe(settings())) == []


def test_a_wrong_key_is_named_with_what_to_set(shop: Shop) -> None:
    (finding,) = shop.says(stripe_secret_key="sk_test_wrong").values()
    assert (finding.state, "STRIPE_SECRET_KEY" in f"{finding.found} {finding.mend}") == ("fail", True)


def test_one_endpoint_of_each_kind_at_our_address_is_right(shop: Shop) -> None:
    assert shop.states() == ("fail", "fail")
    shop.listens(connect=False)
    assert shop.states() == ("ok", "fail")
    shop.listens(connect=True)
    shop.listens("https://elsewhere.example/webhooks/stripe", connect=True)
    assert shop.states() == ("ok", "ok")
    assert shop.says()["stripe clock"].state == "ok"


def test_two_endpoints_of_a_kind_are_one_too_many_a_slash_apart_too(shop: Shop) -> None:
    shop.listens(connect=True)
    shop.listens(f"{ADDRESS}/", connect=True)
    finding = shop.says()["stripe webhooks of sellers"]
    assert (finding.state, finding.mend) == ("fail", "Delete all but one.")


def test_an_endpoint_a_slash_away_and_one_of_another_version_are_told(shop: Shop) -> None:
    shop.listens(f"{ADDRESS}/", connect=True)
    shop.listens(connect=False, version="2025-03-31.basil")
    assert shop.states() == ("warn", "fail")


def test_a_key_of_test_mode_in_production_is_a_warning(shop: Shop) -> None:
    assert shop.says(env="production")["stripe"].state == "warn"
    assert shop.says(env="development")["stripe"].state == "ok"
