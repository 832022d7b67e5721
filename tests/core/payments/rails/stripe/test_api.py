from inspect import signature

from core.payments.rails.stripe.api import StripeApi
from workers.stripe import Stripe


def test_the_client_of_the_workers_has_every_call_as_the_rules_make_it() -> None:
    for name in ("get", "pages", "post", "delete", "upload", "exchange"):
        ours, asked = signature(getattr(Stripe, name)), signature(getattr(StripeApi, name))
        assert [str(each).split(":")[0] for each in ours.parameters.values()] == [
            str(each).split(":")[0] for each in asked.parameters.values()
        ]
