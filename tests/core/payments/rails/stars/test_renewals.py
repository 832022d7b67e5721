"""The rules of subscriptions are those that were registered last."""

from typing import Any, cast

from core.memberships.charges import StarRenewals
from core.payments.rails.stars import renewals
from core.wiring import connect


def test_the_rules_registered_last_are_asked() -> None:
    other = cast(Any, object())
    renewals.register(other)
    assert renewals.renewals() is other
    connect()
    assert isinstance(renewals.renewals(), StarRenewals)
