"""What a membership's card in the bot says and offers where a payment card is charged for it."""

from typing import Any

import pytest
from sqlmodel import Session

from bot.screens.members import membership, plan_targets
from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.periods import DAY
from core.memberships.plan_changes import targets
from core.memberships.queries import card
from tests.support import make, make_members

NOW = make.NOW


@pytest.mark.parametrize(
    ("act", "later", "status", "words"),
    [
        ("", 1, "active", "Your card is charged for this membership each time it ends"),
        ("pause", 1, "active", "Your card is not charged while you are away"),
        ("", 31, "past_due", "Your card could not be charged"),
    ],
)
def test_the_card_is_named_and_not_telegram(
    session: Session, act: str, later: int, status: str, words: str
) -> None:
    held = make_members.member(session)
    held.grace_days = 5
    row = make_members.charge_card(session, held)
    person = make_members.person_of(session, held)
    if act:
        getattr(member_actions, act)(session, person, id_of(held), now=NOW)
    row.status = status  # type: ignore[assignment]
    session.flush()
    shown = membership("en", card(session, held.user_id, id_of(held), now=NOW + later * DAY))
    assert words in shown.html
    assert "Telegram" not in shown.html
    assert f"card_portal:{held.id}" in {button.data for line in shown.buttons for button in line}


def test_other_plans_are_offered_with_what_each_costs(session: Session) -> None:
    shop = make.seller(session)
    shop.rails = [*shop.rails, "card"]
    session.flush()
    prices = {rail: [Money(999, "EUR")] for rail in ("card", "crypto")}
    month: dict[str, Any] = {"unit": "months", "count": 1, "prices": prices}
    held = make_members.member(session, make_members.plan(session, shop=shop, **month), rail="crypto")
    other = make_members.plan(session, shop=shop, title="Salon", **month)
    make_members.charge_card(session, held)
    shown = membership("en", card(session, held.user_id, id_of(held), now=NOW))
    assert f"plan_change:{held.id}" in {button.data for line in shown.buttons for button in line}
    offer = plan_targets("en", id_of(held), targets(session, held, now=NOW))
    assert [line[0].data for line in offer.buttons] == [
        f"plan_preview:{held.id}:{other.id}",
        f"member:{held.id}",
    ]
    assert "Salon" in offer.buttons[0][0].label
    assert "9.99" in offer.buttons[0][0].label
