"""Members are put out and let in again in the bot: by their seller, by staff, and by nobody else."""

import pytest

from core.kit.rows import id_of
from core.people.people import set_role
from schemas.catalogue import Product
from schemas.jobs import Notify
from schemas.membership import Membership
from scripts.sandbox.telegram.driver import Person
from tests.support import make, make_members
from tests.support.channel import ChannelFixture, user_of
from tests.support.shop_bot import ShopBot, ask


def enrol(channel: ChannelFixture, name: str = "Zoé") -> int:
    """Somebody pays for the plan; the membership."""
    person = channel.person(name)
    return channel.do(
        lambda session: id_of(
            make_members.member(session, session.get_one(Product, channel.plan_id), user_of(session, person))
        )
    )


def state_of(channel: ChannelFixture, membership_id: int) -> tuple[str, str, str, str]:
    row = channel.do(lambda session: session.get_one(Membership, membership_id))
    return row.state, row.ended_by, row.ended_for, row.reason


def test_a_seller_puts_a_member_out_with_a_reason_and_words_of_their_own(channel: ChannelFixture) -> None:
    member = enrol(channel)
    menu = ask(channel.owner, "/plans", "My plans")
    channel.owner.presses(menu, f"my_plan:{channel.plan_id}")
    channel.owner.presses(channel.owner.wait_for("On sale"), f"plan_members:1:{channel.plan_id}")
    channel.owner.presses(channel.owner.wait_for("1 person"), f"plan_member:{member}")
    channel.owner.presses(channel.owner.wait_for("Club – running"), f"put_out:{member}")
    channel.owner.presses(channel.owner.wait_for("Which is it?"), f"put_out_for:{member}:abuse")
    asked = channel.owner.wait_for("Reason: Insults or harassment")
    assert state_of(channel, member)[0] == "active", "nothing happens before it is confirmed"
    channel.owner.presses(asked, f"put_out_words:{member}:abuse")
    channel.owner.wait_for("As soon as you send it")
    ask(channel.owner, "Shouted at Ida", "Put out and barred")
    assert state_of(channel, member) == ("revoked", "seller", "abuse", "Shouted at Ida")
    (said,) = (
        job for job in channel.queued(Notify) if isinstance(job, Notify) and job.text == "member-revoked"
    )
    assert (said.params["why"], said.params["reason"]) == ("abuse", "Shouted at Ida")


def test_a_seller_changes_their_mind_or_lets_the_person_in_again(channel: ChannelFixture) -> None:
    member = enrol(channel)
    found = ask(channel.owner, "/members zoé", "1 membership")
    channel.owner.presses(found, f"plan_member:{member}")
    channel.owner.presses(channel.owner.wait_for("Club – running"), f"put_out:{member}")
    channel.owner.presses(channel.owner.wait_for("Which is it?"), f"put_out_for:{member}:unpaid")
    channel.owner.presses(channel.owner.wait_for("Reason: Payment"), f"plan_member:{member}")
    again = channel.owner.wait_for("Club – running")
    channel.owner.presses(again, f"put_out:{member}")
    channel.owner.presses(channel.owner.wait_for("Which is it?"), f"put_out_for:{member}:unpaid")
    channel.owner.presses(channel.owner.wait_for("Reason: Payment"), f"put_out_now:{member}:unpaid")
    done = channel.owner.wait_for("Put out and barred")
    channel.owner.presses(ask(channel.owner, "/members zoé", "1 membership"), f"plan_member:{member}")
    card = channel.owner.wait_for("Barred", after=done)
    assert "the seller put them out (Payment disputed or missing)" in card.text
    channel.owner.presses(card, f"let_in:{member}")
    channel.owner.wait_for("Club – access closed")


def test_staff_put_out_members_of_any_shop(channel: ChannelFixture) -> None:
    member = enrol(channel)
    sam = channel.reader("Sam")
    channel.do(lambda session: set_role(session, sam.id, "support", actor="cli"))
    found = ask(sam, "/members zoé", "1 membership")
    sam.presses(found, f"plan_member:{member}")
    sam.presses(sam.wait_for("Club – running"), f"put_out:{member}")
    sam.presses(sam.wait_for("Which is it?"), f"put_out_for:{member}:violation_terms")
    sam.presses(sam.wait_for("Broke the rules"), f"put_out_now:{member}:violation_terms")
    sam.wait_for("Put out and barred")
    assert state_of(channel, member)[:3] == ("revoked", "staff", "violation_terms")


@pytest.mark.parametrize(
    "data", ["plan_member:{}", "put_out:{}", "put_out_for:{}:abuse", "put_out_now:{}:abuse", "let_in:{}"]
)
def test_nobody_else_may_even_by_a_made_up_button(shop: ShopBot, channel: ChannelFixture, data: str) -> None:
    member = enrol(channel)
    eve = rival(shop, channel)
    answered = eve.press_data(ask(eve, "/start", "Welcome"), data.format(member))
    assert "membership" in str(answered.text)
    assert state_of(channel, member)[0] == "active"


def rival(shop: ShopBot, channel: ChannelFixture) -> Person:
    """A seller of another shop."""
    eve = shop.person("Eve", language="en")
    channel.do(lambda session: id_of(make.seller(session, user_of(session, eve))))
    return eve


def test_a_reason_that_is_made_up_does_nothing(channel: ChannelFixture) -> None:
    member = enrol(channel)
    found = ask(channel.owner, "/members", "Whom are you looking for?")
    refused = channel.owner.press_data(found, f"put_out_now:{member}:spite")
    assert "button" in str(refused.text)
    assert state_of(channel, member)[0] == "active"
