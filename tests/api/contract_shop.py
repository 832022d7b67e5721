"""A shop with a row for every route of the API, for requests that are to be served."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from core.catalogue.catalogue import current_assets
from core.kit.db import Database
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.orders import order_number
from core.payments.rails.manual.transfers import submit_manual
from core.payments.rails.stripe.platform import note_key
from core.people.access_tokens import create_token
from core.people.sellers import open_shop
from core.uploads.opening import Fingerprint, UploadRules, Wish, open_upload
from schemas.access import Grant
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.sales import Entry, Payment
from tests.api.people import Headers, signed_in
from tests.core.people.test_initdata import sign
from tests.support import make, make_disputes, make_members
from tests.support.servers import as_owner

RULES = UploadRules(max_size=10_000_000, days=7, policy="on_confirm", fees={})
UPLOAD_SIZE = 1000  # bytes: one part
ETAG = "0" * 32
TOKEN_ROUTES = ("/api/staff/", "/api/telegram/revoke-access", "/api/telegram/admin/stats")


@dataclass(frozen=True)
class Caller:
    """Somebody who calls the API; staff have a token besides their session in the Mini App."""

    name: str
    session: Headers = field(default_factory=dict)
    token: Headers = field(default_factory=dict)

    def headers(self, path: str) -> Headers:
        """Who they say they are on this route."""
        return self.token or self.session if path.startswith(TOKEN_ROUTES) else self.session


@dataclass(frozen=True)
class Served:
    """The values of path and body with which an operation is served."""

    path: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


class ContractShop:
    """A seller, a member and an admin, who has a token too, with a session each and what they act on."""

    def __init__(self, session: Session, database: Database) -> None:
        self.now = utc_now()
        self._session = session
        # Nobody is banned, and nobody's access revoked, by a made-up number.
        as_owner(database, "SELECT setval('person_id_seq', 4000000)")
        note_key(session, "sk_test_of_the_tests")
        self.seller = make.user(session, name="Vendeuse")
        self.shop = make.seller(session, self.seller)
        self.member = make.user(session, name="Bea")
        self.admin = make.user(session, name="Ana", roles=("admin",))
        self.product = make.product(session, self.shop)
        self.channel = make_members.channel(session, self.shop, now=self.now)

    def callers(self) -> list[Caller]:
        """Seller, member, staff, and nobody."""
        token = create_token(self._session, name="Ana", role="admin", ttl=None, now=self.now)
        return [
            Caller("seller", signed_in(self._session, self.seller)),
            Caller("member", signed_in(self._session, self.member)),
            Caller("staff", signed_in(self._session, self.admin), {"authorization": f"Bearer {token}"}),
            Caller("nobody"),
        ]

    def served(self) -> dict[str, Served]:
        """What each operation that needs more than a well-formed request is served with."""
        return self._of_the_web() | self._of_sellers() | self._of_members() | self._of_staff()

    def _of_the_web(self) -> dict[str, Served]:
        user = {"email": "awa@example.org"}
        transfer = {"offer_id": id_of(self.product), "currency": "EUR", "user_info": user}
        raw = sign(user='{"id":7,"first_name":"Awa"}', at=self.now)
        return {
            "POST /api/payments/pending-payments/create": Served(body=transfer),
            "PATCH /api/me": Served(body={"language": "en"}),
            "POST /api/session": Served(body={"init_data": raw}),
        }

    def _of_sellers(self) -> dict[str, Served]:
        product_id, draft = id_of(self.product), make.product(self._session, self.shop, published=False)
        prices = {"stars": [{"amount": 500, "currency": "XTR"}]}
        body = {"title": "Cours", "description": "Douze leçons.", "prices": prices}
        part = {"number": 1, "etag": ETAG}
        opened, sent, dropped = (self._upload(name)["upload_id"] for name in ("a.pdf", "b.pdf", "c.pdf"))
        mark = {"size": UPLOAD_SIZE, "modified": 1, "slices": ["0" * 64] * 3}
        new = {"name": "d.pdf", "size": UPLOAD_SIZE, "product_id": product_id, "fingerprint": mark}
        at = {"product_id": id_of(draft)}
        plan = make_members.plan(self._session, self.channel, now=self.now)
        held = id_of(make_members.member(self._session, plan, now=self.now))
        (asset, *_) = current_assets(self._session, product_id)
        sold = make.card_sale(self._session, self.shop)
        refund = {"reason": "asked for it", "idempotency_key": "k" * 20, "amount": 1, "end_access": False}
        return {
            "GET /api/sales/orders/{number}": Served({"number": order_number(sold)}),
            "POST /api/sales/orders/{number}/refund": Served({"number": order_number(sold)}, refund),
            "POST /api/sales/disputes/{dispute_id}/submit": Served(
                {
                    "dispute_id": id_of(
                        make_disputes.dispute(self._session, make.card_sale(self._session, self.shop))
                    )
                }
            ),
            "POST /api/products": Served(body=body),
            "PUT /api/cards/tax": Served(body={"wanted": False}),
            "GET /api/statements/{month}": Served({"month": "2026-11"}),
            "PUT /api/legal": Served(body={"name": "Awa", "address": "Paris", "vat_number": ""}),
            "PATCH /api/files/{asset_id}": Served({"asset_id": str(asset.id)}, {"choice": "none"}),
            "PATCH /api/products/{product_id}": Served(at, body),
            "POST /api/products/{product_id}/publish": Served(at),
            "POST /api/products/{product_id}/unpublish": Served(at),
            "GET /api/products/{name}/view": Served({"name": self.product.slug}),
            "POST /api/uploads": Served(body=new | {"purpose": "file", "replaces": None}),
            "GET /api/uploads/{upload_id}": Served({"upload_id": opened}),
            "POST /api/uploads/{upload_id}/parts": Served({"upload_id": opened}, {"numbers": [1]}),
            "POST /api/uploads/{upload_id}/complete": Served({"upload_id": sent}, {"parts": [part]}),
            "DELETE /api/uploads/{upload_id}": Served({"upload_id": dropped}),
            "GET /api/members/channels/{channel_id}/differences": Served({"channel_id": id_of(self.channel)}),
            "POST /api/members/{membership_id}/put-out": Served({"membership_id": held}, {"reason": "abuse"}),
            "POST /api/members/{membership_id}/let-in": Served({"membership_id": held}),
        }

    def _of_members(self) -> dict[str, Served]:
        plan = make_members.plan(self._session, self.channel, now=self.now)
        membership = make_members.member(self._session, plan, self.member, now=self.now)
        order = make.paid_order(self._session, self.product, self.member, now=self.now)
        grant = self._session.exec(select(Grant).where(Grant.order_id == order.id)).one()
        (asset,) = current_assets(self._session, id_of(self.product))
        at, paid = {"membership_id": id_of(membership)}, {"payment_id": order_number(order)}
        change = {"membership_id": self._charged(), "plan_id": id_of(self._monthly())}
        return {
            "GET /api/memberships/{membership_id}": Served(at),
            "POST /api/memberships/{membership_id}/renew": Served(at),
            "POST /api/memberships/{membership_id}/portal": Served({"membership_id": self._charged()}),
            "GET /api/memberships/{membership_id}/plans": Served(at),
            "POST /api/memberships/{membership_id}/plans/{plan_id}/price": Served(change),
            "POST /api/memberships/{membership_id}/plans/{plan_id}": Served(
                change, {"prorated_at": int(self.now.timestamp()), "due": 1}
            ),
            "POST /api/memberships/{membership_id}/{act}": Served(at | {"act": "join"}),
            "POST /api/library/{grant_id}/download": Served(
                {"grant_id": id_of(grant)}, {"asset_id": str(asset.id)}
            ),
            "POST /api/telegram/generate-token": Served(body=paid | {"transaction_id": f"charge-{order.id}"}),
            "PUT /api/telegram/notifications/address": Served(body={"address": "bea@example.org"}),
            "PATCH /api/telegram/notifications/choices": Served(
                body={"type": "news", "way": "email", "wanted": True}
            ),
        }

    def _of_staff(self) -> dict[str, Served]:
        stranger = id_of(make.user(self._session, name="Somebody"))
        banned = {"person_id": stranger}
        revoked = {"user_id": stranger, "reason": "asked for it"}
        payout = {"seller_id": id_of(self.shop), "rail": "manual", "currency": "EUR", "amount": 1}
        paid = make.paid_order(self._session, self.product, rail="manual", now=self.now)
        return {
            "POST /api/people/{person_id}/ban": Served(banned, {"reason": "spam"}),
            "POST /api/people/{person_id}/unban": Served(banned),
            "POST /api/telegram/revoke-access": Served(body=revoked),
            "POST /api/staff/payments/{number}/validate": Served(self._transfer()),
            "POST /api/staff/payments/{number}/refuse": Served(self._transfer()),
            "POST /api/staff/payments/{number}/accept": Served(self._payment("crypto", "np-1")),
            "POST /api/staff/payments/{number}/refund": Served(
                self._payment("stars", "twice"), {"charge_id": "twice"}
            ),
            "GET /api/staff/orders/{number}": Served({"number": order_number(paid)}),
            "POST /api/staff/orders/{number}/resend": Served(self._delivered()),
            "POST /api/staff/orders/{number}/refund": Served(self._delivered()),
            "POST /api/staff/sellers/{seller_id}/approve": Served(self._waiting_shop()),
            "POST /api/staff/sellers/{seller_id}/refuse": Served(self._waiting_shop()),
            "POST /api/staff/payouts": Served(body=payout),
        }

    def _upload(self, name: str) -> dict[str, str]:
        wish = Wish(
            product_id=id_of(self.product),
            name=name,
            size=UPLOAD_SIZE,
            content_type="application/pdf",
            fingerprint=Fingerprint(UPLOAD_SIZE, 1, [name.ljust(64, "0")] * 3),
        )
        upload, _ = open_upload(self._session, self.seller, wish, RULES, now=self.now)
        return {"upload_id": str(upload.id)}

    def _transfer(self) -> dict[str, str]:
        order = make.order(self._session, self.product, rail="manual", entry="web", now=self.now)
        submit_manual(self._session, order, f"transfer-{order.id}", self.now)
        return {"number": order_number(order)}

    def _payment(self, rail: str, provider_id: str) -> dict[str, str]:
        """An open order for which something came that does not pay it."""
        entry: Entry = "bot" if rail == "stars" else "web"
        order = make.order(self._session, self.product, rail=rail, entry=entry, now=self.now)
        self._session.add(
            Payment(
                order_id=id_of(order),
                rail=rail,
                provider_id=provider_id,
                status="partial",
                currency=order.currency,
                amount=order.amount,
                received=1,
            )
        )
        self._session.flush()
        return {"number": order_number(order)}

    def _delivered(self) -> dict[str, str]:
        return {"number": order_number(make.paid_order(self._session, self.product, now=self.now))}

    def _charged(self) -> int:
        """A membership of the member's that a card is charged for."""
        membership = make_members.member(
            self._session, self._monthly(), self.member, rail="crypto", now=self.now
        )
        make_members.charge_card(self._session, membership)
        return id_of(membership)

    def _monthly(self) -> Product:
        """A plan that a card would renew."""
        prices = {rail: [Money(999, "EUR")] for rail in ("card", "crypto")}
        return make_members.plan(
            self._session, self.channel, prices=prices, unit="months", count=1, now=self.now
        )

    def _waiting_shop(self) -> dict[str, int]:
        owner = make.user(self._session)
        shop = open_shop(
            self._session,
            owner,
            name=f"Shop of {owner.telegram_id}",
            rails=["stars"],
            accept_terms=True,
            approve_at_once=False,
            now=self.now,
        )
        return {"seller_id": id_of(shop)}


def stand_in_reply(actor: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a worker would answer; the store has all parts of every upload."""
    address = "https://store.example/object?X-Amz-Signature=00"
    replies: dict[str, dict[str, Any]] = {
        "presign_parts": {"urls": {str(n): address for n in payload.get("numbers", ())}, "expires_in": 3600},
        "list_parts": {"parts": [[1, ETAG, UPLOAD_SIZE]], "lost": False},
        "price_plan": {"due": {"amount": 1450, "currency": "EUR"}, "prorated_at": 1_800_000_000},
        "issue_link": {"token": "t" * 43, "expires_at": "2026-12-01T00:00:00+00:00"},
    }
    return replies.get(actor, {"url": address})
