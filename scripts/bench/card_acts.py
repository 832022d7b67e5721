"""What buyers, sellers, staff and banks do with a sale by card.

What happens at Stripe does not ask what we know of it: so two tellings of a story differ in how events came,
and in nothing else. Whoever acts upon what is known here has it all known before.
"""

from core.orders.orders import order_number
from core.payments.checkout import look_again
from core.payments.rails.stripe.checkout import SESSIONS
from core.payments.rails.stripe.objects import Found, NewSession
from core.payments.refunds import request_refund
from schemas.base import utc_now
from schemas.sales import Order
from scripts.bench.card_world import AGAIN, CardWorld, Sold
from scripts.sandbox.stripe.book import Thing
from scripts.sandbox.stripe.disputes import Ending, Opening

OPENINGS: tuple[Opening, ...] = ("needs_response", "needs_response", "warning_needs_response")
ENDINGS: tuple[Ending, ...] = ("won", "lost", "warning_closed", "needs_response")


def pays(world: CardWorld, sold: Sold, other: int) -> None:
    """By a card that is good."""
    world.stripe.pays(sold.pages[0])


def declines(world: CardWorld, sold: Sold, other: int) -> None:
    """By a card that is not."""
    world.stripe.pays(sold.pages[0], "decline")


def pays_later(world: CardWorld, sold: Sold, other: int) -> None:
    """By a debit, which takes days."""
    world.stripe.pays(sold.pages[0], "later")


def settles(world: CardWorld, sold: Sold, other: int) -> None:
    """The debit comes in, or bounces."""
    world.stripe.settles(sold.pages[0], good=bool(other % 3))


def expires(world: CardWorld, sold: Sold, other: int) -> None:
    """The page is closed."""
    key = f"expires:{sold.pages[0]}"
    world.hands.api.post(Found, f"{SESSIONS}/{sold.pages[0]}/expire", {}, key=key, account=world.account)


def returns(world: CardWorld, sold: Sold, other: int) -> None:
    """The buyer comes back from the page."""
    with world.database.transaction() as session:
        number = order_number(session.get_one(Order, sold.id))
        look_again(session, number, sold.pages[0])


def pays_again(world: CardWorld, sold: Sold, other: int) -> None:
    """On another page, as where the answer to the first was lost and two windows were open."""
    if not sold.is_double:
        sold.pages.append(_second_page(world, sold))
    world.stripe.pays(sold.pages[1])


def slow(world: CardWorld, sold: Sold, other: int) -> None:
    """From now on the seller's refunds take days, or no longer do."""
    world.stripe.set_seller(world.account, refunds=("pending", "succeeded")[other % 2])


def dashboard(world: CardWorld, sold: Sold, other: int) -> None:
    """The seller gives back in Stripe's Dashboard: a part, or all of it."""
    charges = [charge for charge in world.charges(sold) if charge["amount"] > charge["amount_refunded"]]
    part = other % 2
    if charges:
        left = charges[0]["amount"] - charges[0]["amount_refunded"]
        fields = {"charge": charges[0]["id"], "amount": min(left, 1 + other % 400) if part else left}
        world.hands.api.post(Found, "/v1/refunds", fields, key=world.new_key(), account=world.account)


def staff(world: CardWorld, sold: Sold, other: int) -> None:
    """Staff give back a part, or all of it. They see what is known here: so all is known before."""
    if sold.is_double:
        return
    world.catch_up()
    with world.database.transaction() as session:
        part = 1 + other % 400 if other % 2 else None
        request_refund(session, sold.id, actor="cli", reason="story", amount=part, now=utc_now())
    world.hands.work()


def bounces(world: CardWorld, sold: Sold, other: int) -> None:
    """A refund that succeeded does not reach the buyer. What it ended of a subscription stays ended."""
    of_order = {charge["id"] for charge in world.charges(sold)} if sold.product not in AGAIN else set()
    for refund in world.stripe.book.all(world.account, "refund"):
        if refund["charge"] in of_order and refund["status"] == "succeeded":
            world.stripe.refund_settles(refund["id"], good=False)
            return


def refund_settles(world: CardWorld, sold: Sold, other: int) -> None:
    """A refund that was pending comes to its end."""
    of_order = {charge["id"] for charge in world.charges(sold)}
    for refund in world.stripe.book.all(world.account, "refund"):
        if refund["charge"] in of_order and refund["status"] == "pending":
            world.stripe.refund_settles(refund["id"], good=bool(other % 3))
            return


def disputes(world: CardWorld, sold: Sold, other: int) -> None:
    """The buyer's bank disputes a charge, or inquires. Of what went back nothing can be disputed."""
    charges = [charge for charge in world.charges(sold) if charge["amount"] > charge["amount_refunded"]]
    if charges and not any(_is_open(dispute) for dispute in _disputes_of(world, sold)):
        charge = charges[other // len(OPENINGS) % len(charges)]
        world.stripe.disputes(charge["id"], status=OPENINGS[other % len(OPENINGS)])


def decides(world: CardWorld, sold: Sold, other: int) -> None:
    """The bank decides a dispute of it; an inquiry is closed, or becomes a dispute."""
    for dispute in _disputes_of(world, sold):
        if not _is_open(dispute):
            continue
        inquiry = dispute["status"].startswith("warning")
        world.stripe.decides(dispute["id"], ENDINGS[2 * inquiry + other % 2])
        return


def _disputes_of(world: CardWorld, sold: Sold) -> list[Thing]:
    of_order = {charge["id"] for charge in world.charges(sold)}
    return [each for each in world.stripe.book.all(world.account, "dispute") if each["charge"] in of_order]


def _is_open(dispute: Thing) -> bool:
    return str(dispute["status"]).endswith(("needs_response", "under_review"))


def _second_page(world: CardWorld, sold: Sold) -> str:
    kept = world.stripe.book.note(sold.pages[0])["params"]
    key = f"again:{sold.pages[0]}"
    return world.hands.api.post(NewSession, SESSIONS, kept, key=key, account=world.account).id
