"""A seller's channel and plan, for the handlers of sellers and of members."""

import pytest

from tests.support.channel import ChannelFixture
from tests.support.shop_bot import ShopBot


@pytest.fixture
def channel(shop: ShopBot) -> ChannelFixture:
    """Ann's channel and plan, on a bot with its usual settings; Ann reads English."""
    return ChannelFixture.connect(shop, language="en")
