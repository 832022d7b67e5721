"""The pages that people see: onboarding, connecting, paying, an invoice, the portal. Buttons post an act."""

from collections.abc import Callable
from decimal import Decimal
from html import escape
from urllib.parse import parse_qs, urlsplit

from scripts.sandbox.stripe import buying, connect, invoices, portal
from scripts.sandbox.stripe.book import Book, Thing
from scripts.sandbox.stripe.errors import invalid, missing
from scripts.sandbox.stripe.money import THREE_DECIMAL, ZERO_DECIMAL
from scripts.sandbox.stripe.sender import Sender

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title} (sandbox)</title>
<style>body{{font-family:sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}}
button{{font:inherit;padding:.5rem .9rem;margin:.2rem 0}}</style>
<h1>{title}</h1>{text}<p>No real money: this Stripe is a stand-in.</p>{buttons}</html>"""
BUTTON = '<form method="post"><input type="hidden" name="act" value="{act}"><button>{label}</button></form>'
PAY = {
    "ok": "Pay",
    "decline": "Pay with a card that is declined",
    "action": "Pay with a card that asks for authentication",
    "later": "Pay by bank debit",
    "fraud": "Pay, and dispute it",
    "warn": "Pay, and have the bank warn",
    "leave": "Leave without paying",
}
AUTHENTICATE = {"authenticated": "Authenticate", "refused": "Fail to authenticate"}
SETTLE = {"arrives": "Let the bank debit come in", "bounces": "Let the bank debit bounce"}
SETUP = {"active": "Finish", "pending": "Finish, and let Stripe check", "leave": "Leave unfinished"}
OAUTH = {"connect": "Connect my account", "deny": "Deny"}
PORTAL = {
    "cancel_at_end": "Cancel at the end of the period",
    "resume": "Do not cancel after all",
    "cancel_now": "Cancel now",
    "new_card": "New card",
    "new_bad_card": "New card that will be declined",
}
DEFAULT_EMAIL = "buyer@example.com"


class Pages:
    """Shows a page, and does what was pressed on it."""

    def __init__(self, book: Book, sender: Sender) -> None:
        self._book = book
        self._sender = sender

    def show(self, target: str) -> str:
        """The page of an address, HTML. Raises `StripeError` 404."""
        kind, identity = _split(target)
        with self._book.working():
            if kind == "setup":
                return self._setup(identity)
            if kind == "oauth":
                connect.check_authorize(self._book, _query(target))
                return _page("Connect with the platform", "", OAUTH)
            if kind == "pay":
                return self._pay(self._book.find("checkout.session", identity)[1])
            if kind == "invoice":
                return self._invoice(self._book.find("invoice", identity)[1])
            if kind == "portal":
                return self._portal(self._book.find("billing_portal.session", identity)[1])
        raise missing("page", target)

    def press(self, target: str, act: str, email: str = DEFAULT_EMAIL) -> str:
        """Do what was pressed; where the browser goes then. Waits for webhooks, as Checkout does."""
        kind, identity = _split(target)
        acts: dict[str, Callable[[str, str], str]] = {
            "setup": self._set_up,
            "invoice": self._settle,
            "portal": self._manage,
        }
        with self._book.working():
            if kind == "oauth":
                where = connect.authorize(self._book, _query(target), agrees=act == "connect")
            elif kind == "pay":
                where = self._buy(identity, act, email)
            elif kind in acts:
                where = acts[kind](identity, act)
            else:
                raise missing("page", target)
        self._sender.flush()
        return where

    def _setup(self, token: str) -> str:
        if not connect.link_is_good(self._book, token):
            return _page("This link has expired", "<p>Open a new one.</p>", {"leave": "Back"})
        return _page("Set up payments", "<p>What Stripe asks a seller stands here.</p>", SETUP)

    def _set_up(self, token: str, act: str) -> str:
        standing = {"active": "active", "pending": "pending"}.get(act)
        return connect.onboard(self._book, token, standing)  # type: ignore[arg-type]

    def _pay(self, session: Thing) -> str:
        if session["status"] != "open":
            on_its_way = self._intent(session).get("status") == "processing"
            text = f"<p>It is {session['status']}, and {session['payment_status']}.</p>"
            return _page("This page is closed", text, SETTLE if on_its_way else {})
        items = self._book.note(session["id"])["line_items"]
        names = "".join(f"<li>{escape(line['description'])}" for line in items)
        text = f"<p><b>{_sum(session['amount_total'], session['currency'])}</b><ul>{names}</ul>"
        intent = self._intent(session)
        if intent.get("last_payment_error"):
            text += f"<p>{escape(intent['last_payment_error']['message'])}</p>"
        waits = (
            self._book.note(session["id"]).get("authenticating") or intent.get("status") == "requires_action"
        )
        once = session["mode"] == "payment"  # subscriptions are not debited from a bank here
        pay = {act: label for act, label in PAY.items() if once or act != "later"}
        return _page("Pay", text, AUTHENTICATE if waits else pay)

    def _intent(self, thing: Thing) -> Thing:
        """The intent of a session or an invoice; empty before the first try."""
        account, _ = self._book.find(thing["object"], thing["id"])
        identity = self._book.note(thing["id"]).get("intent")
        return self._book.get(account, "payment_intent", identity) if identity else {}

    def _buy(self, identity: str, act: str, email: str = DEFAULT_EMAIL) -> str:
        account, session = self._book.find("checkout.session", identity)
        if act == "leave":
            return session["cancel_url"] or f"{self._book.url}/pay/{identity}"
        if act in AUTHENTICATE:
            good = act == "authenticated"
            buying.authenticates(self._book, account, session, good=good)
        elif act in SETTLE:
            buying.settles(self._book, account, session, good=act == "arrives")
            return f"{self._book.url}/pay/{identity}"
        elif act in PAY:
            buying.pays(self._book, account, session, act, email)  # type: ignore[arg-type]
        else:
            raise invalid("parameter_invalid", f"Unknown act: {act}", "act")
        if session["status"] != "complete":
            return f"{self._book.url}/pay/{identity}"
        return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", identity)

    def _invoice(self, invoice: Thing) -> str:
        text = f"<p>{_sum(invoice['amount_due'], invoice['currency'])}, {invoice['status']}"
        if invoice["status"] != "open":
            return _page(f"Invoice {invoice['number']}", text, {})
        status = self._intent(invoice).get("status")
        pay = {name: PAY[name] for name in ("ok", "decline")}
        buttons = AUTHENTICATE if status == "requires_action" else pay
        return _page(f"Invoice {invoice['number']}", text, buttons)

    def _settle(self, identity: str, act: str) -> str:
        account, invoice = self._book.find("invoice", identity)
        if act in AUTHENTICATE:
            invoices.confirm(self._book, account, invoice, good=act == "authenticated")
        elif invoice["status"] == "open" and act in ("ok", "decline"):
            invoices.collect(self._book, account, invoice, act)  # type: ignore[arg-type]
        return f"{self._book.url}/invoice/{identity}"

    def _portal(self, session: Thing) -> str:
        account, _ = self._book.find("billing_portal.session", session["id"])
        own = [
            one
            for one in self._book.all(account, "subscription")
            if one["customer"] == session["customer"] and one["status"] != "canceled"
        ]
        names = "".join(f"<li>{one['id']}: {one['status']}" for one in own)
        back = f'<p><a href="{escape(session["return_url"] or "")}">Back</a>'
        return _page("Your subscriptions", f"<ul>{names}</ul>{back}", PORTAL if own else {})

    def _manage(self, identity: str, act: str) -> str:
        account, session = self._book.find("billing_portal.session", identity)
        if act not in PORTAL:
            raise invalid("parameter_invalid", f"Unknown act: {act}", "act")
        for one in self._book.all(account, "subscription"):
            if one["customer"] == session["customer"] and one["status"] != "canceled":
                portal.acts(self._book, account, session, one["id"], act)  # type: ignore[arg-type]
        return f"{self._book.url}/portal/{identity}"


def _split(target: str) -> tuple[str, str]:
    kind, _, identity = urlsplit(target).path.strip("/").partition("/")
    return kind, identity


def _query(target: str) -> dict[str, str]:
    return {name: texts[-1] for name, texts in parse_qs(urlsplit(target).query).items()}


def _sum(amount: int, currency: str) -> str:
    decimals = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    return f"{Decimal(amount).scaleb(-decimals)} {escape(currency.upper())}"


def _page(title: str, text: str, buttons: dict[str, str]) -> str:
    button_html = "".join(BUTTON.format(act=act, label=escape(label)) for act, label in buttons.items())
    return PAGE.format(title=escape(title), text=text, buttons=button_html)
