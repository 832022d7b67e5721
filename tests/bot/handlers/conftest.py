"""A seller's channel and plan, for the handlers of sellers and of members."""

import pytest

from core.memberships.queries import PlanView, plan_view
from tests.bot.conftest import ShopBot
from tests.support.bot_club import ChannelFixture


@pytest.fixture
def club(shop: ShopBot) -> ChannelFixture:
    """Ann's channel and plan, on a bot with its usual settings; Ann reads English."""
    return ChannelFixture(shop, language="en")


def view_of(club: ChannelFixture) -> PlanView:
    """The plan as its seller sees it."""
    return club.shop.do(lambda session: plan_view(session, club.plan_id))
