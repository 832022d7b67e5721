"""A shop with a few people in which anything may be bought, paid, paused, claimed and given back.

Its bookkeeping is its own: which orders stand paid, by what this module did and nothing else. `check`
compares it with what the rules wrote into the database.
"""

import json
import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.catalogue.listing_fee import fee_of
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.periods import DAY
from core.memberships.plans import Terms, add_code, give_code
from core.orders.expiry import expire
from core.orders.grants import grant_of
from core.orders.orders import order_number
from core.payments.order_claims import is_held, issue_claim, redeem
from core.payments.payment_events import handle_event, store_event
from core.payments.payment_rows import find_payment
from core.payments.placing import place
from core.payments.rails.manual.transfers import submit_manual, validate_manual
from core.payments.rails.nowpayments.reports import event_id, read
from core.payments.rails.stars.charges import charge_went_back
from core.payments.rails.stars.payments import Charge, confirm_stars, invoice_payload
from core.payments.refunds import refundable, request_refund
from core.people.sellers import open_shop
from schemas.access import Grant
from schemas.catalogue import Product
from schemas.membership import Membership, MembershipPeriod
from schemas.people import User
from schemas.sales import BalanceEntry, Entry, Order
from scripts.bench.story_goods import new_file, new_person, new_plan

START = datetime(2026, 1, 29, 12, tzinfo=UTC)
PRICES = {"stars": [Money(500, "XTR")], "crypto": [Money(999, "EUR")], "manual": [Money(999, "EUR")]}
POLICY = {"bot": ("stars", "crypto", "manual"), "web": ("crypto", "manual")}
WAYS: list[tuple[Entry, str]] = [("bot", "stars"), ("bot", "manual"), ("bot", "crypto")]
WAYS += [("web", "crypto"), ("web", "manual")]
"""Entries and rails; the Mini App is the bot's entry."""
CODE = "SPRING"
TWO_MONTHS = Terms(unit="months", count=2, audience="code")


class StoryShop:
    """One shop, three people, a file, a plan of a month, one for holders of a code, and a listing fee."""

    def __init__(self, session: Session) -> None:
        self.session, self.now = session, START
        self.numbers = count(1)
        self.owner = owner = new_person(session, "Seller", now=START)
        self.people = [new_person(session, name, now=START) for name in ("Awa", "Ben", "Chloé")]
        shop = open_shop(
            session,
            owner,
            name="Studio",
            rails=["stars", "crypto", "manual"],
            accept_terms=True,
            approve_at_once=True,
            now=START,
        )
        self.file = new_file(session, shop, owner, "Course", PRICES, now=START)
        self.month = new_plan(session, shop, owner, "Month", PRICES, now=START)
        self.closed = new_plan(session, shop, owner, "Closed", PRICES, TWO_MONTHS, now=START)
        add_code(session, id_of(self.closed), CODE, uses=None, expires_at=None, actor_user=owner, now=START)
        self.listed = new_file(session, shop, owner, "Listed", PRICES, now=START)
        self.fee = fee_of(session, self.listed, PRICES, now=START)
        self.orders: list[Order] = []
        self.paid: dict[int, bool] = {}
        self.charges: dict[int, str] = {}  # by which each order was paid in Stars
        self.odd: set[int] = set()  # orders whose money needs a person to decide

    def do(self, act: str, one: int, other: int) -> None:
        """Let something happen; what the rules refuse does not happen."""
        with suppress(Refused, NotFound), self.session.begin_nested():
            if act in ("order", "wait", "code", "pauses", "resumes"):
                getattr(self, act)(one, other)
            elif self.orders:
                getattr(self, act)(self.orders[one % len(self.orders)], other)

    def order(self, one: int, other: int) -> None:
        """Somebody orders something, on one of all ways."""
        product = (self.file, self.month, self.closed, self.fee)[one % 4]
        entry, rail = WAYS[other % len(WAYS)]
        person = self.owner if product is self.fee else self.people[one % 3]
        web = entry == "web"
        placed = place(
            self.session,
            product_id=id_of(product),
            rail=rail,
            currency=PRICES[rail][0].currency,
            entry=entry,
            buyer=None if web else person,
            language="en",
            policy=POLICY,
            order_ttl=86_400,
            now=self.now,
            idempotency_key=secrets.token_urlsafe(32) if web else None,
        )
        if placed.order not in self.orders:
            self.orders.append(placed.order)
            self.paid[id_of(placed.order)] = False

    def pays(self, order: Order, other: int) -> None:
        """All of the money comes, for the first time or again."""
        before, could = self.paid[id_of(order)], order.status not in ("refunded", "cancelled")
        if order.rail == "stars":
            self._charge(order)
        elif order.rail == "crypto":
            self._notice(order, "finished", 1)
        else:
            submit_manual(self.session, order, f"TR {next(self.numbers)} {secrets.token_hex(8)}", self.now)
            validate_manual(self.session, id_of(order), actor="cli", note="", now=self.now)
        self.paid[id_of(order)] = could
        if before or not could:
            self.odd.add(id_of(order))

    def pays_oddly(self, order: Order, other: int) -> None:
        """Coins of another kind come, which pay nothing."""
        if order.rail == "crypto":
            self._notice(order, ("wrong_asset_confirmed", "something_new")[other % 2], 1)
            self.odd.add(id_of(order))

    def refunds(self, order: Order, other: int) -> None:
        """Staff give all that is left back."""
        request_refund(self.session, id_of(order), actor="cli", reason="story", now=self.now)
        if order.rail == "stars":
            self._telegram_gives_back(order)
        self.paid[id_of(order)] = False

    def refunds_part(self, order: Order, other: int) -> None:
        """Staff give a part back; access stays."""
        part = 1 + other % 400
        left = refundable(self.session, order)
        request_refund(self.session, id_of(order), actor="cli", reason="story", amount=part, now=self.now)
        if part == left:
            self.paid[id_of(order)] = False

    def claims(self, order: Order, other: int) -> None:
        """Somebody opens a web order in Telegram."""
        token = issue_claim(self.session, order, now=self.now, life=DAY)
        redeem(self.session, token, self.people[other % 3], self.now)

    def code(self, one: int, other: int) -> None:
        """Somebody types the code, in some spelling."""
        typed = (CODE, " spring ", "ｓｐｒｉｎｇ", "autumn")[other % 4]
        give_code(self.session, self.people[one % 3], id_of(self.closed), typed, now=self.now)

    def pauses(self, one: int, other: int) -> None:
        """Somebody pauses a membership."""
        person, membership = self._membership(one)
        member_actions.pause(self.session, person, membership, now=self.now)

    def resumes(self, one: int, other: int) -> None:
        """Somebody comes back."""
        person, membership = self._membership(one)
        member_actions.resume(self.session, person, membership, now=self.now)

    def wait(self, one: int, other: int) -> None:
        """Days pass; orders that nobody paid expire."""
        self.now += timedelta(days=other % 40, seconds=one)
        expire(self.session, now=self.now)

    def check(self) -> None:
        """Nobody has what was not paid, nobody lacks what was, and the sums agree."""
        self.session.expire_all()
        owed = 0
        for order in self.orders:
            stands = self.paid[id_of(order)]
            assert (order.status in ("paid", "delivered")) == stands, (order.id, order.status)
            assert order.needs_support_at is not None or id_of(order) not in self.odd, order.id
            self._check_access(order, stands)
            if stands and order.product_id != self.fee.id:
                owed += refundable(self.session, order)
        ledger = self.session.execute(select(func.coalesce(func.sum(BalanceEntry.amount), 0))).scalar_one()
        assert int(ledger) == owed, (ledger, owed)
        fees = [order for order in self.orders if order.product_id == self.fee.id and self.paid[id_of(order)]]
        assert (self.session.get_one(Product, self.listed.id).listing_paid_at is not None) == bool(fees)
        stray = select(Grant.id).join(Order, col(Order.id) == Grant.order_id)
        unpaid = stray.where(col(Grant.revoked_at).is_(None), col(Order.status).not_in(("paid", "delivered")))
        assert self.session.exec(unpaid).first() is None

    def _check_access(self, order: Order, stands: bool) -> None:
        grant = grant_of(self.session, id_of(order))
        has = grant is not None and grant.revoked_at is None
        due = stands and order.buyer_id is not None and order.product_id != self.fee.id
        assert has == (due and not is_held(self.session, order)), (order.id, has, due)
        period = self.session.exec(
            select(MembershipPeriod).where(MembershipPeriod.order_id == order.id)
        ).one_or_none()
        is_plan = order.product_id in (self.month.id, self.closed.id)
        assert (period is not None and period.taken_back_at is None) == (has and is_plan), order.id
        if period is not None and period.taken_back_at is None and period.seconds is not None:
            assert 28 * period.count * DAY <= timedelta(seconds=period.seconds) <= 31 * period.count * DAY

    def _charge(self, order: Order) -> None:
        charge = Charge(
            charge_id=f"charge-{next(self.numbers)}-{order.id}",
            payload=invoice_payload(order),
            amount=order.amount,
            currency=order.currency,
        )
        buyer = self.session.get_one(User, order.buyer_id)
        confirm_stars(self.session, charge, buyer, now=self.now)
        if not self.paid[id_of(order)]:
            self.charges[id_of(order)] = charge.charge_id

    def _telegram_gives_back(self, order: Order) -> None:
        payment = find_payment(self.session, "stars", self.charges[id_of(order)])
        assert payment is not None, "the charge that paid the order is kept"
        charge_went_back(self.session, payment, now=self.now)

    def _notice(self, order: Order, provider_word: str, share: int) -> None:
        body = {
            "payment_id": 5_000_000_000 + id_of(order) * 1000 + next(self.numbers),
            "order_id": order_number(order),
            "payment_status": provider_word,
            "price_amount": order.amount / 100,
            "price_currency": order.currency.lower(),
            "pay_amount": 10,
            "actually_paid": 10 * share,
            "pay_currency": "trx",
        }
        raw = json.dumps(body).encode()
        stored = store_event(
            self.session, provider="nowpayments", event_id=event_id(read(raw)), body=raw, now=self.now
        )
        assert stored is not None, "each notice is new"
        handle_event(self.session, stored, now=self.now)

    def _membership(self, one: int) -> tuple[User, int]:
        person = self.people[one % 3]
        mine = select(Membership.id).where(Membership.user_id == person.id).order_by(col(Membership.id))
        ids = list(self.session.exec(mine))
        if not ids:
            raise NotFound("membership-unknown")
        return person, ids[one % len(ids)] or 0
