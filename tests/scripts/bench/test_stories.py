"""A few of the stories, and that their bookkeeping sees what it is there for."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.orders.file_goods import FileGoods
from schemas.access import Grant
from scripts.bench.stories import STORIES, tell
from scripts.bench.story_shop import StoryShop


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a failing story is made short by `comptoir bench stories`
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=STORIES)
def test_nobody_has_too_much_or_too_little(session: Session, story: list[tuple[str, int, int]]) -> None:
    assert tell(session, story)["orders"] >= 0


def bought(session: Session) -> StoryShop:
    """The file, paid in Stars by the first person."""
    shop = StoryShop(session)
    shop.do("order", 0, 0)
    shop.do("pays", 0, 0)
    shop.check()
    assert shop.paid == {id_of(shop.orders[0]): True}
    return shop


def test_access_that_outlives_its_money_is_seen(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bought(session)
    monkeypatch.setattr(FileGoods, "on_refunded", lambda *_, now: None)
    shop.do("refunds", 0, 0)
    with pytest.raises(AssertionError):
        shop.check()


def test_access_that_is_missing_is_seen(session: Session) -> None:
    shop = bought(session)
    grant = session.exec(select(Grant)).one()
    grant.revoked_at = shop.now
    session.add(grant)
    session.flush()
    with pytest.raises(AssertionError):
        shop.check()


def test_a_second_payment_that_nobody_hears_of_is_seen(session: Session) -> None:
    shop = bought(session)
    shop.do("pays", 0, 0)
    shop.check()
    shop.orders[0].needs_support_at = None
    session.add(shop.orders[0])
    session.flush()
    with pytest.raises(AssertionError):
        shop.check()
