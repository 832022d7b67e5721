"""What happens at Stripe without us, as verbs: what buyers, sellers, banks and time do, and what breaks."""

from dataclasses import replace
from typing import Any, TypeVar

from scripts.sandbox.stripe import accounts, business, buying, catalogue, clock, connect, disputes, refunds
from scripts.sandbox.stripe.accounts import Standing
from scripts.sandbox.stripe.book import VERSION, Book, Final, How, Seller, Thing
from scripts.sandbox.stripe.disputes import Ending, Opening
from scripts.sandbox.stripe.errors import missing
from scripts.sandbox.stripe.faults import Faults
from scripts.sandbox.stripe.lists import Call
from scripts.sandbox.stripe.pages import DEFAULT_EMAIL
from scripts.sandbox.stripe.sender import Endpoint, Secret, Sender
from scripts.sandbox.stripe.webhooks import Webhooks, roll

Answer = TypeVar("Answer")


class Driver:
    """The verbs. Each waits until the webhooks it causes are delivered or have failed once.

    They take and give what JSON can say, so that a driver in another process may ask for them.
    """

    def __init__(self) -> None:
        self.book = Book()
        self.sender = Sender(self.book)
        self.book.on_done = self.sender.accept
        self._webhooks = Webhooks(self.sender)

    def add_seller(self, standing: Standing = "active") -> str:
        """A connected account that came by itself; its id."""
        with self.book.working():
            account = accounts.open_account(
                self.book,
                email="seller@example.com",
                country="FR",
                dashboard="full",
                metadata={},
                name="Sandbox seller",
            )
            accounts.stands(self.book, account, standing)
        return self._done(account)

    def onboard(self, url: str, standing: Standing | None = "active") -> str:
        """The seller opens an account link and finishes, or leaves it (None); where they are sent."""
        with self.book.working():
            where = connect.onboard(self.book, url.rpartition("/")[2], standing)
        return self._done(where)

    def stands(self, account: str, standing: Standing) -> None:
        """Stripe finds that something is missing from an account, or that all is there."""
        with self.book.working():
            self.book.get(None, "account", account)
            accounts.stands(self.book, account, standing)
        self.sender.flush()

    def disconnect(self, account: str) -> None:
        """The seller takes the platform's access away."""
        with self.book.working():
            connect.disconnect(self.book, account)
        self.sender.flush()

    def set_seller(self, account: str | None, **settings: Any) -> None:
        """`final`, `tax` or `refunds` of an account: see `Seller`."""
        with self.book.working():
            self.book.sellers[account] = replace(self.book.sellers.get(account, Seller()), **settings)

    def final(self, account: str | None, status: Final) -> None:
        """What becomes of the seller's subscriptions after the last retry."""
        self.set_seller(account, final=status)

    def pays(self, session: str, how: How = "ok", email: str = DEFAULT_EMAIL) -> Thing:
        """The buyer fills in the page of a Checkout session."""
        with self.book.working():
            account, thing = self.book.find("checkout.session", session)
            buying.pays(self.book, account, thing, how, email)
        return self._done(thing)

    def authenticates(self, session: str, *, good: bool = True) -> Thing:
        """The buyer answers 3-D Secure on that page."""
        with self.book.working():
            account, thing = self.book.find("checkout.session", session)
            buying.authenticates(self.book, account, thing, good=good)
        return self._done(thing)

    def settles(self, session: str, *, good: bool = True) -> Thing:
        """A bank debit comes in, or bounces."""
        with self.book.working():
            account, thing = self.book.find("checkout.session", session)
            buying.settles(self.book, account, thing, good=good)
        return self._done(thing)

    def refund_settles(self, refund: str, *, good: bool = True) -> Thing:
        """A refund that is pending succeeds; any fails."""
        with self.book.working():
            account, thing = self.book.find("refund", refund)
            refunds.settle(self.book, account, thing, good=good)
        return self._done(thing)

    def disputes(self, charge: str, reason: str = "fraudulent", status: Opening = "needs_response") -> Thing:
        """The buyer's bank disputes a charge, or inquires."""
        with self.book.working():
            account, thing = self.book.find("charge", charge)
            disputes.unwarn(self.book, account, thing)
            dispute = disputes.open_dispute(self.book, account, thing, reason, status)
        return self._done(dispute)

    def decides(self, dispute: str, outcome: Ending) -> Thing:
        """The bank decides a dispute."""
        with self.book.working():
            account, thing = self.book.find("dispute", dispute)
            disputes.decide(self.book, account, thing, outcome)
        return self._done(thing)

    def warns(self, charge: str) -> Thing:
        """The bank warns of fraud before any dispute."""
        with self.book.working():
            account, thing = self.book.find("charge", charge)
            warning = disputes.warn(self.book, account, thing)
        return self._done(warning)

    def sells_elsewhere(self, account: str, times: int = 1, amount: int = 1000) -> None:
        """The seller's other business: sales that are none of ours, with everything that is sent of them."""
        with self.book.working():
            self.book.get(None, "account", account)
            for _ in range(times):
                business.sell(self.book, account, amount)
        self.sender.flush()

    def subscribes_elsewhere(self, account: str) -> Thing:
        """A subscription of the seller's other business, which the platform may look at and not change."""
        with self.book.working():
            subscription = business.subscribe(self.book, account)
        return self._done(subscription)

    def pays_out(self, account: str | None, currency: str = "eur") -> Thing:
        """What is available goes to the bank account. Raises `StripeError` where that is nothing."""
        with self.book.working():
            payout = business.pay_out(self.book, account, currency)
        return self._done(payout)

    def next_card(self, customer: str, how: How, expires: str = "12/2034") -> None:
        """The customer's card from now on, what comes of it and its last month; `none`: it is taken away."""
        with self.book.working():
            account, thing = self.book.find("customer", customer)
            if how == "none":
                thing["invoice_settings"]["default_payment_method"] = None
                self.book.note(customer)["how"] = how
            else:
                catalogue.new_card(self.book, account, customer, how, expires)
        self.sender.flush()

    def advance(self, seconds: int) -> int:
        """Let time pass; the moment it is then, seconds since 1970."""
        with self.book.working():
            clock.advance(self.book, seconds)
        self.sender.flush()
        return self.book.now()

    def advance_to(self, moment: int) -> int:
        """Let time pass until a moment, seconds since 1970; one that was is where we are."""
        return self.advance(max(0, moment - self.book.now()))

    def break_things(self, **faults: Any) -> None:
        """Set faults: see `Faults`; those that are not named stay as they are."""
        with self.book.working():
            self.book.faults = replace(self.book.faults, **faults)

    def mend_things(self) -> None:
        """No faults any more; what was withheld goes out."""
        with self.book.working():
            self.book.faults = Faults()
        self.release()

    def release(self) -> None:
        """Send what was withheld."""
        with self.book.working():
            self.sender.release()
        self.sender.flush()

    def send_again(self, event: str) -> None:
        """Send one event again, as the button of the Dashboard does."""
        self.sender.send_again(event)
        self.sender.flush()

    def roll_secret(self, endpoint: str, hours: int = 24) -> str:
        """Give an endpoint a new secret; the old one is good too for so long."""
        with self.book.working():
            return roll(self.book, self._endpoint(endpoint), hours)

    def listen(
        self, url: str, *, connect: bool, events: tuple[str, ...] = ("*",), secret: str | None = None
    ) -> str:
        """Make a webhook endpoint at once, as an operator does by hand; its secret, that one where given."""
        with self.book.working():
            fields = {"url": url, "enabled_events": list(events), "api_version": VERSION, "connect": connect}
            endpoint = self._webhooks.create(self.book, Call(None, "/v1/webhook_endpoints", (), fields))
            if secret is not None:
                self._endpoint(endpoint["id"]).secrets = [Secret(secret)]
        return secret or str(endpoint["secret"])

    def flush(self) -> None:
        """Wait until all events that are due are delivered, or have failed once."""
        self.sender.flush()

    def export(self) -> Thing:
        """All that it knows, as JSON."""
        return self.book.export()

    def _endpoint(self, identity: str) -> Endpoint:
        for endpoint in self.sender.endpoints:
            if endpoint.thing["id"] == identity:
                return endpoint
        raise missing("webhook_endpoint", identity)

    def _done(self, answer: Answer) -> Answer:
        self.sender.flush()
        return answer
