"""A seller's plans in the bot."""

from typing import Any

from sqlmodel import Session

from bot.screens.plans import how_long, settings
from core.kit.rows import id_of
from core.memberships.queries import plan_view
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
