"""A seller makes plans in the bot, sets them, closes them, and knows their members."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships.imports import add_next, end_import, reading_of
from core.memberships.plans import channels_of_plan
from core.memberships.queries import PlanView, plan_view
from schemas.base import utc_now
from schemas.jobs import Notify
from schemas.membership import MemberImport
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message
from tests.bot.conftest import ShopBot, ask, wait_until
from tests.support import make
from tests.support.bot_club import ChannelFixture, known


@pytest.fixture
def club(shop: ShopBot) -> ChannelFixture:
    """Ann writes English here."""
    return ChannelFixture(shop, language="en")


def shown(club: ChannelFixture, plan_id: int | None = None) -> PlanView:
    """A plan as the rules see it."""
    return club.shop.do(lambda session: plan_view(session, plan_id or club.plan_id))


def settings(club: ChannelFixture) -> Message:
    """The seller opens the settings of the plan."""
    menu = ask(club.owner, "/plans", "My plans")
    club.owner.presses(menu, f"my_plan:{club.plan_id}")
    club.owner.presses(club.owner.wait_for("On sale"), "⚙️ Settings")
    return club.owner.wait_for("touch what you want to change")


def put(club: ChannelFixture, field: str, value: str, wanted: str) -> str:
    """Choose a setting and type its value; the answer."""
    menu = settings(club)
    club.owner.presses(menu, f"plan_set:{club.plan_id}:{field}")
    return ask(club.owner, value, wanted).text


def test_a_plan_is_made_in_a_few_answers_and_put_on_sale(club: ChannelFixture) -> None:
    ann = club.owner
    ann.presses(ask(ann, "/plans", "1 plan"), "➕ New plan")
    ann.wait_for("What is this plan called?")
    ann.presses(ask(ann, "Sewing <club>", "How long does it last?"), "3 months")
    ann.wait_for("What does it cost in Stars?")
    ask(ann, "many", "“many” is not an amount")
    ask(ann, "500", "What does it cost on the website?")
    draft = ask(ann, "9.99 €", "Draft, buyers do not see it")
    assert "Sewing <club>" in draft.text
    assert "500\u00a0⭐ · €9.99 · 3 months" in draft.text

    ann.presses(draft, "🟢 Put on sale")
    ann.wait_for("🟢 On sale", after=draft.id - 1)
    bob = club.shop.person("Bob")
    bob.presses(ask(bob, "sewing", "1 product found"), "Sewing <club> · 500\u00a0⭐")
    assert "Lets you into: VIP" in bob.wait_for("3 months").text


def test_questions_may_be_left_and_the_site_price_left_out(club: ChannelFixture) -> None:
    ann = club.owner
    ann.presses(ask(ann, "/plans", "1 plan"), "➕ New plan")
    asked = ask(ann, "Month", "How long")
    ask(ann, "/cancel", "Cancelled")
    assert "Too much time has passed" in str(ann.presses(asked, "1 month").text)

    ann.presses(ask(ann, "/plans", "1 plan"), "➕ New plan")
    ask(ann, "Month", "How long")
    ask(ann, "soon", "This length is not possible")
    ask(ann, "31/12/2020", "What does it cost in Stars")
    price = ask(ann, "100", "on the website")
    assert "This date is not possible" in str(ann.presses(price, "No price here").text)


def test_without_a_channel_a_plan_begins_with_connecting_one(shop: ShopBot) -> None:
    ann = shop.person("Ann")
    shop.do(lambda session: id_of(make.seller(session, known(session, ann))))
    ann.presses(ask(ann, "/plans", "You have none yet"), "➕ New plan")
    ann.wait_for("No channel is connected yet")


def test_each_setting_is_typed_or_pressed_and_a_wrong_one_explained(club: ChannelFixture) -> None:
    assert "This length is not possible" in put(club, "length", "4000 days", "not possible")
    assert "Length: 45 days" in ask(club.owner, "45 days", "touch what").text
    assert "Trial: 3 days" in put(club, "trial_days", "3", "touch what")
    assert "0 to 30 days" in put(club, "grace_days", "31", "Grace lasts")
    assert "Places: 2 at most" in put(club, "places", "2", "touch what")
    assert "Price on the website: 12.00\u00a0CHF" in put(club, "site", "12 CHF", "touch what")
    for field, value, wanted in (
        ("grace_days", "0", "Grace: None"),
        ("audience", "past", "For whom: My former members"),
        ("joining", "one_use", "Coming in: A one-use link"),
        ("starts", "entry", "Begins: When they first come in"),
        ("length", "30 days", "Length: 30 days"),
    ):
        menu = settings(club)
        club.owner.presses(menu, f"plan_set:{club.plan_id}:{field}")
        club.owner.presses(menu, f"plan_put:{club.plan_id}:{field}:{value}")
        club.owner.wait_for(wanted, after=menu.id - 1)
    seen = shown(club)
    assert (seen.terms.places, seen.terms.trial_days, seen.terms.audience) == (2, 3, "past")
    assert seen.prices["crypto"] == Money(1200, "CHF")


def test_renewal_by_telegram_needs_thirty_days(club: ChannelFixture) -> None:
    menu = settings(club)
    club.owner.press_data(menu, f"plan_put:{club.plan_id}:recurring:yes")
    set_now = club.owner.wait_for("Renewal: By Telegram, every 30 days")
    assert "Length: 30 days" in set_now.text
    club.owner.press_data(menu, f"plan_put:{club.plan_id}:length:3 months")
    club.owner.wait_for("Renewal: Never without a press")
    for data in (f"plan_put:{club.plan_id}:audience:friends", f"plan_put:{club.plan_id}:magic:1"):
        assert club.owner.press_data(menu, data).alert


def test_a_code_opens_the_plan_to_whoever_has_it(club: ChannelFixture) -> None:
    menu = settings(club)
    club.owner.press_data(menu, f"plan_put:{club.plan_id}:audience:code")
    club.owner.presses(club.owner.wait_for("Those who have a code"), "🔑 Codes")
    club.owner.wait_for("No code yet")
    assert "SPRING – 1 use left" in ask(club.owner, "spring 1", "1 code").text

    bob, eve = club.shop.person("Bob"), club.shop.person("Eve")
    card = club.card(bob)
    assert "needs a code" in card.text
    assert not [button for button in card.buttons if button.value.startswith("buy:")]
    bob.presses(card, "🔑 I have a code")
    bob.wait_for("What is your code?")
    ask(bob, "summer", "This code is not valid")
    assert [b.text for b in ask(bob, "Spring", "Club").buttons if b.value.startswith("buy:")]
    eve.presses(club.card(eve), "🔑 I have a code")
    ask(eve, "SPRING", "This code is not valid")


def test_channels_are_added_and_the_last_one_stays(club: ChannelFixture) -> None:
    second = club.shop.sandbox.add_channel("Workshop", club.owner, club.shop.handle)
    menu = settings(club)
    club.owner.presses(menu, "📣 Channels it opens")
    rooms = club.owner.wait_for("Which channels does it open?")
    club.owner.presses(rooms, f"⬜️ {second.title}")
    club.owner.wait_for(lambda m: any(b.text == "✅ Workshop" for b in m.buttons))
    opened = club.shop.do(lambda s: [channel.title for channel in channels_of_plan(s, club.plan_id)])
    assert opened == ["VIP", "Workshop"]
    club.owner.presses(rooms, "✅ VIP")
    club.owner.wait_for(lambda m: any(b.text == "⬜️ VIP" for b in m.buttons))
    assert "opens no channel yet" in str(club.owner.presses(rooms, "✅ Workshop").text)


def test_a_closed_plan_keeps_its_members_and_sells_no_more(club: ChannelFixture) -> None:
    bob, eve = club.shop.person("Bob"), club.shop.person("Eve")
    club.buys(bob)
    eves = club.card(eve)
    menu = ask(club.owner, "/plans", "My plans")
    club.owner.presses(menu, f"my_plan:{club.plan_id}")
    club.owner.presses(club.owner.wait_for("1 member"), "✖️ Close this plan")
    club.owner.presses(club.owner.wait_for("stays to the end of their time"), "✖️ Yes, close it for good")
    club.owner.wait_for("⚪️ Closed")

    assert "no longer for sale" in str(eve.presses(eves, f"buy:{club.plan_id}").text)
    status = ask(bob, "/status", "Running: 30 days left")
    assert not [button for button in status.buttons if button.value.startswith("renew:")]
    bob.requests_to_join(club.link)
    wait_until(lambda: club.room.members == [bob.id])
    ask(bob, "/renew", "nothing for you to renew")
    assert "not on sale" in str(club.owner.press_data(menu, f"plan_turn:{club.plan_id}").text)


def csv_of(*lines: str) -> str:
    """A file of members."""
    return "\n".join(("telegram_id,days,name", *lines))


def begin_import(club: ChannelFixture) -> Message:
    """The seller is asked for the file."""
    menu = ask(club.owner, "/plans", "My plans")
    club.owner.presses(menu, f"my_plan:{club.plan_id}")
    club.owner.presses(club.owner.wait_for("On sale"), "📥 Import")
    return club.owner.wait_for("Send a CSV file")


def import_file(club: ChannelFixture, data: bytes, wanted: str) -> str:
    """The seller sends the file; the answer."""
    begin_import(club)
    sent = club.owner.sends_document(data, "members.csv")
    return club.owner.wait_for(wanted, after=sent).text


def finish_imports(club: ChannelFixture) -> list[dict[str, Any]]:
    """Do the jobs' work; what the seller is told then."""

    def work(session: Session) -> list[dict[str, Any]]:
        for given in session.exec(select(MemberImport).order_by(col(MemberImport.id))).all():
            reading = reading_of(session, id_of(given))
            while add_next(session, id_of(given), reading.lines):
                pass
            end_import(session, id_of(given), reading, now=utc_now())
        told = (job for job in make.queued(session, Notify) if job.text == "import-done")
        return [job.params for job in told]

    return club.shop.do(work)


def test_members_of_before_come_in_by_file_or_by_message(club: ChannelFixture) -> None:
    lines = csv_of("900000001,45,Zoé", "900000002,0,Wrong", "x,3,Wrong", "900000003,10,Max")
    taken = import_file(club, lines.encode(), "Importing 2 members")
    assert "2 lines are refused" in taken
    assert "line 3: Give either days" in taken
    assert "line 4: The Telegram id" in taken
    begin_import(club)
    members = ask(
        club.owner, csv_of("900000001,45,Zoé", "900000004,1,Ida"), "Importing 2 members. I will write"
    )
    assert shown(club).members == 0, "the bot brings nobody in itself"
    first, second = finish_imports(club)
    assert (first["added"], first["skipped"], first["errors"]) == (2, 0, 2)
    assert (second["added"], second["skipped"], second["errors"]) == (1, 1, 0)
    club.owner.presses(members, "👥 Members")
    listed = club.owner.wait_for("3 people").text
    assert "Zoé – running, until" in listed


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"\xff\xfe\x00bad", "not CSV in UTF-8"),
        (b"a,b\n1,2", "must name its columns"),
        (b"telegram_id,days\n" + b"1,1\n" * 150_000, "larger than 500"),
        (b"telegram_id,days\nx,1", "Nobody to import. 1 line is refused"),
    ],
    ids=["binary", "columns", "size", "all-wrong"],
)
def test_a_file_that_cannot_be_read_says_why(club: ChannelFixture, data: bytes, wanted: str) -> None:
    import_file(club, data, wanted)
    assert shown(club).members == 0


def test_figures_tell_members_revenue_and_who_left(club: ChannelFixture) -> None:
    bob: Person = club.shop.person("Bob")
    club.buys(bob)
    club.owner.presses(ask(club.owner, "/plans", "My plans"), "📊 Figures")
    figures = club.owner.wait_for("My figures – 1 person").text
    assert "running: 1" in figures
    assert "500\u00a0⭐" in figures
    assert "0 members at the start, +1 −0" in figures


def test_a_plan_is_run_by_its_seller_only(club: ChannelFixture) -> None:
    eve = club.shop.person("Eve")
    club.shop.do(lambda session: id_of(make.seller(session, known(session, eve), name="Other")))
    menu = ask(eve, "/plans", "You have none yet")
    for data in ("my_plan", "plan_turn", "plan_closed", "plan_edit", "import", "plan_codes", "plan_rooms"):
        assert eve.press_data(menu, f"{data}:{club.plan_id}").alert, data
    for data in (f"plan_put:{club.plan_id}:places:1", f"plan_members:1:{club.plan_id}", "my_plan:999"):
        assert eve.press_data(menu, data).alert, data
    assert shown(club).status == "open"
