from collections.abc import Callable
from typing import Any

import httpx

from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.scripts.sandbox.stripe.conftest import Ask, Shop

Done = Callable[..., dict[str, Any]]
CREATE = {
    "contact_email": "zoe@example.com",
    "dashboard": "full",
    "identity": {"country": "fr"},
    "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
    "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
    "metadata": {"seller": "7"},
}
PAGES = {"refresh_url": "https://shop.example/again", "return_url": "https://shop.example/back"}


def link_of(done: Done, account: str) -> str:
    use_case = {"type": "account_onboarding", "account_onboarding": PAGES}
    link = done("POST", "/v2/core/account_links", {"account": account, "use_case": use_case})
    return str(link["url"])


def test_an_account_of_v2_shows_what_is_asked_for_and_stands_by_its_capability(
    sandbox: StripeSandbox, done: Done
) -> None:
    account = done("POST", "/v2/core/accounts", CREATE)
    assert account["configuration"] is None
    path = f"/v2/core/accounts/{account['id']}"
    wish = {"include": ["configuration.merchant", "requirements", "identity", "defaults"]}

    def status() -> str:
        merchant = done("GET", path, wish)["configuration"]["merchant"]
        return str(merchant["capabilities"]["card_payments"]["status"])

    assert status() == "restricted"
    assert len(done("GET", path, wish)["requirements"]["entries"]) == 1
    assert sandbox.onboard(link_of(done, account["id"]), None) == PAGES["return_url"]  # proves nothing
    assert status() == "restricted"
    sandbox.onboard(link_of(done, account["id"]), "pending")
    assert status() == "pending"
    sandbox.stands(account["id"], "active")
    assert status() == "active"
    legacy = done("GET", f"/v1/accounts/{account['id']}")
    assert (legacy["charges_enabled"], legacy["metadata"]) == (True, {"seller": "7"})


def test_a_link_is_good_once_and_for_minutes(sandbox: StripeSandbox, ask: Ask, done: Done) -> None:
    account = done("POST", "/v2/core/accounts", CREATE)["id"]
    late = link_of(done, account)
    sandbox.advance(301)
    assert sandbox.onboard(late) == PAGES["refresh_url"]
    page = link_of(done, account).removeprefix(sandbox.url)
    assert "Finish" in ask("GET", page).text
    pressed = ask("POST", page, {"act": "active"})
    assert (pressed.status_code, pressed.headers["location"]) == (303, PAGES["return_url"])
    assert "expired" in ask("GET", page).text
    assert ask("GET", "/setup/nothing").status_code == 404


def test_thin_events_go_where_their_type_is_named(sandbox: StripeSandbox, seller: str) -> None:
    shop = Shop()
    kind = "v2.core.account[requirements].updated"
    shop.secrets = [sandbox.listen(shop.url, connect=False, events=(kind,))]
    sandbox.stands(seller, "restricted")
    shop.close()
    assert shop.types == [kind]
    assert shop.events[0]["related_object"]["id"] == seller


def test_accounts_of_v1_can_be_refused_as_they_are_to_new_platforms(
    sandbox: StripeSandbox, ask: Ask, done: Done
) -> None:
    account = done("POST", "/v1/accounts", {"type": "standard", "country": "FR"})
    wish = PAGES | {"account": account["id"], "type": "account_onboarding"}
    assert sandbox.onboard(done("POST", "/v1/account_links", wish)["url"]) == PAGES["return_url"]
    assert [one["id"] for one in done("GET", "/v1/accounts")["data"]] == [account["id"]]
    sandbox.book.refuses_legacy = True
    assert ask("POST", "/v1/accounts", {"type": "standard"}).status_code == 403


def test_oauth_shows_a_page_and_comes_back_with_a_code_or_a_refusal(
    sandbox: StripeSandbox, ask: Ask, done: Done
) -> None:
    query = httpx.QueryParams(
        client_id=sandbox.book.application,
        response_type="code",
        scope="read_write",
        state="s",
        redirect_uri="https://shop.example/cb",
    )
    page = f"/oauth/authorize?{query}"
    assert "Connect my account" in ask("GET", page).text
    denied = ask("POST", page, {"act": "deny"}).headers["location"]
    assert "error=access_denied" in denied
    assert denied.endswith("state=s")
    code = httpx.URL(ask("POST", page, {"act": "connect"}).headers["location"]).params["code"]
    wish = {"grant_type": "authorization_code", "code": code}
    sandbox.advance(301)
    late = ask("POST", "/oauth/token", wish)
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")
    code = httpx.URL(ask("POST", page, {"act": "connect"}).headers["location"]).params["code"]
    account = done("POST", "/oauth/token", wish | {"code": code})["stripe_user_id"]
    assert done("GET", "/v1/balance", account=account)["object"] == "balance"
    wrong = page.replace(sandbox.book.application, "ca_other")
    assert ask("GET", wrong).json()["error"] == "invalid_client"


def test_a_seller_who_leaves_is_told_of_and_shut(
    sandbox: StripeSandbox, shop: Shop, ask: Ask, seller: str
) -> None:
    sandbox.disconnect(seller)
    assert shop.types == ["account.application.deauthorized"]
    assert shop.events[0]["account"] == seller
    assert ask("GET", "/v1/balance", account=seller).status_code == 403
