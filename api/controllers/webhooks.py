"""What payment providers tell: verified, stored raw, acknowledged. What it means is a job's work."""

from litestar import Controller, post

from api.context import SharedShop
from api.problems import answers
from api.requests import AnyRequest, client_address
from core.kit.errors import Refused
from core.payments.payment_events import keep_event
from core.payments.rails.nowpayments.reports import BODY_LIMIT, PROVIDER, event_id, verify
from core.payments.rails.stripe import inbox
from schemas.answers import Accepted
from schemas.base import utc_now


class WebhookController(Controller):
    """One address for each provider."""

    path = "/webhooks"
    tags = ("webhooks",)
    request_max_body_size = BODY_LIMIT

    @post("/nowpayments", status_code=200, responses=answers(400, 401, 413, 429))
    async def nowpayments(self, shop: SharedShop, request: AnyRequest) -> Accepted:
        """An IPN, signed in x-nowpayments-sig. A replayed one is acknowledged, and nothing happens.

        A signed one is never refused for being one too many: somebody has paid.
        """
        body = await request.body()
        signature = request.headers.get("x-nowpayments-sig", "")
        try:
            report = verify(shop.settings.nowpayments_ipn_secret, body, signature)
        except Refused:
            address = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
            await shop.count_guess(address)
            raise
        await shop.execute(keep_event(provider=PROVIDER, event_id=event_id(report), body=body, now=utc_now()))
        return Accepted("stored")

    @post(
        "/stripe",
        status_code=200,
        responses=answers(400, 401, 413, 429),
        request_max_body_size=inbox.BODY_LIMIT,
    )
    async def stripe(self, shop: SharedShop, request: AnyRequest) -> Accepted:
        """An event of a seller's account, signed in Stripe-Signature.

        Every signed one is acknowledged; one about no payment or account of ours is only counted.
        """
        body, now = await request.body(), utc_now()
        signature = ",".join(request.headers.getall("stripe-signature", []))
        try:
            event = inbox.take(shop.settings.stripe_webhook_secrets, body, signature, now=now)
        except Refused:
            await shop.count_guess(client_address(request, trusted_proxy=shop.settings.trusted_proxy))
            raise
        if event is None:
            known = False
        elif inbox.is_of_account(event):
            known = await shop.run(lambda session: inbox.follow(session, event, now=now))
        else:
            known = await shop.execute(inbox.keep(event, body, now=now)) is not None
        if not known:
            shop.unkept[inbox.PROVIDER] += 1
        return Accepted("stored")
