import pytest

from core.kit.errors import SettingError
from core.kit.money import Money
from core.kit.rail_policy import parse_policy, prices_offered, takes_currency


def test_the_default_policy_sells_for_stars_in_the_bot_and_the_rest_on_the_web() -> None:
    policy = parse_policy("bot:stars;web:crypto,manual")
    assert policy == {"bot": ("stars",), "web": ("crypto", "manual")}


def test_spaces_empty_parts_and_repetitions_do_no_harm() -> None:
    assert parse_policy(" web : manual , manual ; ; bot: ") == {"web": ("manual",), "bot": ()}


@pytest.mark.parametrize(
    "text",
    ["", "bot:", "stars", "shop:stars", "bot:paypal", "bot:stars;bot:manual", "web:stars", "bot=stars"],
)
def test_a_wrong_policy_is_refused_and_the_error_names_the_variable(text: str) -> None:
    with pytest.raises(SettingError, match=r"RAIL_POLICY is wrong: .+ Write it like"):
        parse_policy(text)


def test_a_rail_is_offered_where_policy_seller_and_price_agree() -> None:
    policy = parse_policy("bot:stars,manual;web:crypto,manual")
    prices = {"stars": [Money(500, "XTR")], "manual": [Money(999, "EUR")]}
    assert list(prices_offered(policy, "bot", ["manual", "stars"], prices)) == ["stars", "manual"]
    assert prices_offered(policy, "web", ["manual", "stars"], prices) == {"manual": [Money(999, "EUR")]}
    assert prices_offered(policy, "web", ["crypto"], prices) == {}
    assert prices_offered({}, "web", ["manual"], prices) == {}


def test_a_price_that_its_rail_would_refuse_is_not_offered_on_it() -> None:
    policy = parse_policy("web:card,manual")
    little = {"card": [Money(49, "EUR"), Money(999, "USD")], "manual": [Money(49, "EUR")]}
    offered = prices_offered(policy, "web", ["card", "manual"], little)
    assert offered == {"card": [Money(999, "USD")], "manual": [Money(49, "EUR")]}
    assert list(prices_offered(policy, "web", ["card"], {"card": [Money(49, "EUR")]})) == []


@pytest.mark.parametrize(
    ("rail", "currency", "takes"),
    [("stars", "XTR", True), ("stars", "EUR", False), ("crypto", "EUR", True), ("manual", "XTR", False)],
)
def test_stars_and_their_currency_belong_to_each_other(rail: str, currency: str, takes: bool) -> None:
    assert takes_currency(rail, currency) == takes
