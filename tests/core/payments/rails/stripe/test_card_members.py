"""The rules of memberships as the rail knows them."""

from core.memberships.card_members import CardMemberships
from core.payments.rails.stripe.card_members import card_members, register


def test_the_rules_that_were_registered_last_are_asked() -> None:
    rules = CardMemberships()
    register(rules)
    assert card_members() is rules
