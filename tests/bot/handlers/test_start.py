"""First words: welcome, languages, deep links, claims."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.payments.order_claims import issue_claim
from core.people.people import set_role
from schemas.access import OrderClaim
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.jobs import Deliver, SetMenu
from schemas.member_jobs import Admit
from tests.support import make
from tests.support.channel import ChannelFixture
from tests.support.shop_bot import ShopBot, ask


def claim_of_new_web_order(session: Session) -> str:
    """The start parameter of a paid web order that nobody has claimed."""
    return "c" + issue_claim(session, make.paid_order(session, rail="crypto"), life=make.DAY, now=utc_now())


def test_a_newcomer_is_welcomed_in_three_steps(shop: ShopBot) -> None:
    ann = shop.person("Ann <i>Lee</i>")
    welcome = ask(ann, "/start", "Welcome")
    assert "Hello Ann <i>Lee</i>!" in welcome.text
    assert [f"{step}." in welcome.text for step in (1, 2, 3)] == [True] * 3
    assert [button.text for button in welcome.buttons] == ["🛍 Catalogue", "📚 My library", "💬 Support"]


def test_other_languages_get_english_and_a_chosen_one_stays(shop: ShopBot) -> None:
    jürgen = shop.person("Jürgen", language="de")
    ask(jürgen, "/start", "Welcome")
    question = ask(jürgen, "/language", "language")
    jürgen.presses(question, "🇫🇷 Français")
    jürgen.wait_for("je vous écrirai en français")
    assert str(jürgen.id) in ask(jürgen, "/help", "Comment ça marche").text


def test_the_commands_are_listed_in_both_languages(shop: ShopBot) -> None:
    listed = shop.handle.settings["commands"]
    assert set(listed) == {"", "fr", "en"}


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (None, (), ("/plans", "/questions", "/orders", "/sellers", "Your shop", "The team")),
        ("seller", ("Your shop", "/plans", "/members"), ("/questions", "/sellers", "The team")),
        ("support", ("The team", "you are of support", "/questions", "/orders"), ("/sellers", "/plans")),
        ("admin", ("The team", "you are an admin", "/questions", "/sellers"), ("Your shop",)),
    ],
)
def test_help_names_what_the_role_may_do(
    shop: ShopBot, role: str | None, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    ann = shop.person()
    ask(ann, "/start", "Welcome")
    if role:
        shop.do(lambda session: set_role(session, ann.id, role, actor="cli"))
    words = ask(ann, "/help", "How it works").text
    assert [part for part in ("/catalogue", "/support", *shown) if part not in words] == []
    assert [part for part in hidden if part in words] == []


def test_staff_who_were_made_before_they_wrote_are_greeted_at_their_first_start(shop: ShopBot) -> None:
    sam = shop.person("Sam")
    shop.do(lambda session: set_role(session, sam.id, "support", actor="cli"))
    sam.says("/start")
    assert "/questions" in sam.wait_for("you are of support").text
    sam.says("/start")
    assert len(shop.do(lambda session: make.queued(session, SetMenu))) == 1


def test_a_shared_link_opens_its_product(shop: ShopBot) -> None:
    item = shop.do(lambda session: make.product(session, title="Cours de couture"))
    ann = shop.person()
    ann.starts(f"https://t.me/shop_bot?start=p_{item.slug}")
    assert "Douze leçons." in ann.wait_for("Cours de couture").text


def test_a_shared_link_to_nothing_says_so(shop: ShopBot) -> None:
    ask(shop.person(), "/start p_nothing", "This product does not exist")


def test_a_web_order_is_claimed_and_its_delivery_begins(shop: ShopBot) -> None:
    parameter = shop.do(claim_of_new_web_order)
    ann = shop.person()
    done = ask(ann, f"/start {parameter}", "is now yours")
    assert "CMT-" in done.text
    assert len(shop.do(lambda session: make.queued(session, Deliver))) == 1


@pytest.mark.parametrize("form", ["{}", " {} ", "/start\n{}", "https://t.me/shop_bot?start={}", "it is {}!"])
def test_a_code_that_telegram_dropped_is_pasted(shop: ShopBot, form: str) -> None:
    ask(shop.person(), form.format(shop.do(claim_of_new_web_order)), "is now yours")


def test_a_code_alone_is_taken_in_the_middle_of_a_question_and_words_around_it_are_the_answer(
    shop: ShopBot,
) -> None:
    ann = shop.person()
    parameter = shop.do(claim_of_new_web_order)
    ask(ann, "/support", "Write")
    ask(ann, f"What is {parameter} for?", "inbox")
    ask(ann, "/support", "Write")
    ask(ann, parameter, "is now yours")


def test_a_pasted_link_opens_its_product(shop: ShopBot, item: Product) -> None:
    ask(shop.person(), f"https://t.me/shop_bot?start=p_{item.slug}", item.title)


def test_a_claim_opened_again_by_the_same_person_is_the_same_order(shop: ShopBot) -> None:
    parameter = shop.do(claim_of_new_web_order)
    ann = shop.person()
    ask(ann, f"/start {parameter}", "is now yours")
    ask(ann, f"/start {parameter}", "is now yours")
    assert len(shop.do(lambda session: make.queued(session, Deliver))) == 1


def test_a_claim_used_by_someone_else_is_refused_in_his_language(shop: ShopBot) -> None:
    parameter = shop.do(claim_of_new_web_order)
    ask(shop.person("Ann"), f"/start {parameter}", "is now yours")
    ask(shop.person("Bob", language="fr"), f"/start {parameter}", "déjà été retirée par une autre personne")


def test_an_expired_claim_says_how_to_get_another(shop: ShopBot) -> None:
    past = utc_now() - timedelta(days=2)
    parameter = "c" + shop.do(
        lambda session: issue_claim(session, make.paid_order(session, rail="crypto"), life=make.DAY, now=past)
    )
    ask(shop.person(), f"/start {parameter}", "has expired")


@pytest.mark.parametrize("parameter", ["c" + "A" * 43, "c" + "-" * 43])
def test_a_guessed_claim_is_unknown(shop: ShopBot, parameter: str) -> None:
    ask(shop.person(), f"/start {parameter}", "This pick-up link does not exist")


def claim_of_web_order(session: Session, plan_id: int) -> str:
    """The start parameter of a plan paid for on the site."""
    order = make.paid_order(session, session.get_one(Product, plan_id), rail="crypto", now=utc_now())
    return "c" + issue_claim(session, order, life=make.DAY, now=utc_now())


def test_a_web_payment_is_claimed_from_any_device_and_by_one_person(channel: ChannelFixture) -> None:
    start = channel.do(lambda session: claim_of_web_order(session, channel.plan_id))
    bob, eve = channel.person("Bob"), channel.person("Eve", language="fr")
    done = ask(bob, f"/start {start}", "is now yours: Club")
    assert "Your way in is coming" in done.text
    assert [button.value for button in done.buttons] == ["memberships", "home"]
    assert len(channel.queued(Admit)) == 1

    ask(eve, f"/start {start}", "déjà été retirée par une autre personne")
    ask(bob, f"/start {start}", "is now yours: Club")
    assert channel.state(eve) == ""
    bob.presses(done, "memberships")
    bob.wait_for("Running: 30 days left")


def test_a_claim_that_is_too_old_or_unknown_says_what_to_do(channel: ChannelFixture) -> None:
    start = channel.do(lambda session: claim_of_web_order(session, channel.plan_id))

    def age(session: Session) -> None:
        claim = session.exec(select(OrderClaim)).one()
        claim.expires_at = utc_now() - timedelta(seconds=1)
        session.add(claim)

    channel.do(age)
    bob = channel.person("Bob")
    ask(bob, f"/start {start}", "has expired")
    ask(bob, f"/start {start[:-1]}_", "does not exist")
    assert channel.state(bob) == ""
