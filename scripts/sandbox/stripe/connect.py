"""How a seller comes to the platform and leaves it: account links, and OAuth for an account that is there.

https://docs.stripe.com/connect/hosted-onboarding, https://docs.stripe.com/api/v2/core/account-links,
https://docs.stripe.com/connect/oauth-reference.
"""

import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from scripts.sandbox.stripe.accounts import Standing, check_connected, moment, open_account, stands
from scripts.sandbox.stripe.book import Book, Thing
from scripts.sandbox.stripe.errors import StripeError, invalid, missing
from scripts.sandbox.stripe.lists import Call
from scripts.sandbox.stripe.values import ONE, Table

LINK_SECONDS = 300
CODE_SECONDS = 300
COLLECTION: Table = {
    "fields": ("currently_due", "eventually_due"),
    "future_requirements": ("include", "omit"),
}
HOLD: Table = {"collection_options": COLLECTION, "refresh_url!": str, "return_url": str}
LINK: Table = {
    "account!": str,
    "use_case!": {
        "type!": ("account_onboarding", "account_update"),
        "account_onboarding": HOLD,
        "account_update": HOLD,
    },
}
LEGACY_LINK: Table = {
    "account!": str,
    "refresh_url!": str,
    "return_url!": str,
    "type!": ("account_onboarding", "account_update"),
} | ONE
TOKEN: Table = {"grant_type!": str, "code": str, "client_secret": str, "scope": str}
DEAUTHORIZE: Table = {"client_id!": str, "stripe_user_id!": str}


class OAuthError(StripeError):
    """A refusal in the words of OAuth."""

    @property
    def body(self) -> dict[str, Any]:
        """The error as the token address sends it."""
        return {"error": self.code, "error_description": str(self)}


def create_link(book: Book, call: Call) -> Thing:
    """POST /v2/core/account_links: an address that is good once, for minutes."""
    params = call.read(LINK)
    use = params["use_case"]
    if use["type"] not in use:
        raise invalid("missing_field", f"use_case.{use['type']} is required.", f"use_case.{use['type']}")
    pages = use[use["type"]]
    link = _link(book, params["account"], pages["refresh_url"], pages.get("return_url", pages["refresh_url"]))
    times = {"created": moment(link["created"]), "expires_at": moment(link["expires_at"])}
    link_fields = {"object": "v2.core.account_link", "account": params["account"], "livemode": False}
    return link_fields | times | {"url": link["url"], "use_case": use}


def create_legacy_link(book: Book, call: Call) -> Thing:
    """POST /v1/account_links."""
    params = call.read(LEGACY_LINK)
    link = _link(book, params["account"], params["refresh_url"], params["return_url"])
    return {"object": "account_link"} | link


def _link(book: Book, account: str, refresh: str, back: str) -> Thing:
    book.get(None, "account", account, "account")
    check_connected(book, account)
    for name, url in (("refresh_url", refresh), ("return_url", back)):
        if urlsplit(url).scheme not in ("http", "https"):
            raise invalid("url_invalid", "Not a valid URL", name)
    token, now = secrets.token_hex(12), book.now()
    expires = now + LINK_SECONDS
    book.notes[token] = {"link": account, "refresh": refresh, "back": back, "expires": expires, "used": False}
    return {"created": now, "expires_at": expires, "url": f"{book.url}/setup/{token}"}


def link_is_good(book: Book, token: str) -> bool:
    """Whether a link still leads to the seller's form. Raises `StripeError` 404 where it never did."""
    note = book.notes.get(token, {})
    if "link" not in note:
        raise missing("account_link", token)
    return not note["used"] and note["expires"] >= book.now()


def onboard(book: Book, token: str, standing: Standing | None = "active") -> str:
    """The seller opens a link and fills the form in; None: leaves it unfinished. Where they are sent then."""
    if not link_is_good(book, token):
        return str(book.notes[token]["refresh"])
    note = book.notes[token]
    note["used"] = True
    if standing is not None:
        stands(book, note["link"], standing)
    return str(note["back"])


def authorize(book: Book, query: dict[str, str], *, agrees: bool) -> str:
    """The seller says yes or no to the platform; where they are sent then, with a code that is good once."""
    check_authorize(book, query)
    state = {"state": query["state"]} if "state" in query else {}
    if not agrees:
        refusal = {"error": "access_denied", "error_description": "The user denied your request"}
        return f"{query['redirect_uri']}?{urlencode(refusal | state)}"
    account = open_account(
        book, email="seller@example.com", country="FR", dashboard="full", metadata={}, name="Sandbox seller"
    )
    book.note(account)["connected"] = False
    stands(book, account, "active")
    code = f"ac_{secrets.token_hex(12)}"
    book.notes[code] = {"code": account, "expires": book.now() + CODE_SECONDS}
    return f"{query['redirect_uri']}?{urlencode({'scope': 'read_write', 'code': code} | state)}"


def check_authorize(book: Book, query: dict[str, str]) -> None:
    """Raises `StripeError` for an address that is not ours to answer."""
    if query.get("client_id") != book.application:
        raise OAuthError(400, "invalid_client", "No application matches the supplied client identifier")
    if query.get("response_type") != "code":
        raise OAuthError(400, "unsupported_response_type", "Only 'code' is supported")
    if urlsplit(query.get("redirect_uri", "")).scheme not in ("http", "https"):
        raise OAuthError(400, "invalid_redirect_uri", "Invalid redirect URI")


def token(book: Book, call: Call) -> Thing:
    """POST /oauth/token: the code for the account's id, once. Raises `OAuthError`."""
    params = call.read(TOKEN)
    if params["grant_type"] != "authorization_code":
        raise OAuthError(400, "unsupported_grant_type", "This grant type is not supported")
    code = params.get("code", "")
    note = book.notes.pop(code, {}) if code.startswith("ac_") else {}
    if not note or note["expires"] < book.now():
        raise OAuthError(400, "invalid_grant", f"Authorization code does not exist: {code}")
    account = note["code"]
    book.note(account)["connected"] = True
    keys = {
        "access_token": "sk_test_unused",
        "refresh_token": "rt_unused",
        "stripe_publishable_key": "pk_test",
    }
    return keys | {
        "livemode": False,
        "token_type": "bearer",
        "scope": "read_write",
        "stripe_user_id": account,
    }


def deauthorize(book: Book, call: Call) -> Thing:
    """POST /oauth/deauthorize: the platform lets an account go."""
    params = call.read(DEAUTHORIZE)
    account = params["stripe_user_id"]
    if params["client_id"] != book.application or not book.notes.get(account, {}).get("connected"):
        raise OAuthError(401, "invalid_client", f"This application is not connected to {account}")
    disconnect(book, account)
    return {"stripe_user_id": account}


def disconnect(book: Book, account: str) -> None:
    """The account and the platform part; subscriptions go on (https://docs.stripe.com/connect/oauth-reference)."""
    book.get(None, "account", account)
    book.note(account)["connected"] = False
    application = {"id": book.application, "object": "application", "name": "Comptoir"}
    book.emit(account, "account.application.deauthorized", application)
