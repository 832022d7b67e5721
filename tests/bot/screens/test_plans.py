"""A seller's plans in the bot."""

from typing import Any

from sqlmodel import Session

from bot.screens.plans import how_long, plan, settings
from core.kit.rows import id_of, must_get
from core.memberships.queries import plan_view
from schemas.people import Seller
from tests.support import make_members

OF_TIME = {"recurring", "trial_days", "grace_days", "starts"}


def offered(session: Session, **terms: Any) -> set[str]:
    item = make_members.plan(session, **terms)
    message = settings("en", plan_view(session, id_of(item)))
    data = [button.data or "" for row in message.buttons for button in row]
    return {word.split(":")[2] for word in data if word.startswith("plan_set:")}


def test_a_plan_for_ever_is_a_press_and_has_no_settings_of_time(session: Session) -> None:
    labels = {button.data: button.label for row in how_long("fr").buttons for button in row}
    assert labels["plan_length:lifetime"] == "pour toujours"
    of_a_month, for_ever = offered(session), offered(session, unit="lifetime", count=0)
    assert of_a_month - for_ever == OF_TIME
    assert for_ever <= of_a_month


def test_a_plan_of_a_closed_shop_is_shown_its_seller_as_not_on_sale(session: Session) -> None:
    item = make_members.plan(session)
    assert "🟢 On sale" in plan("en", plan_view(session, id_of(item))).html
    must_get(session, Seller, item.seller_id, "seller-unknown").status = "suspended"
    session.flush()
    shown = plan("en", plan_view(session, id_of(item)))
    assert "your shop is closed: nobody can buy it" in shown.html
    assert any(button.data == f"plan_turn:{item.id}" for row in shown.buttons for button in row)
