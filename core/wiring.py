"""Where rooms that must not import each other meet: goods and rails are made known to the seams.

The one module of `core` that sees all rooms. Every process calls `connect` before it serves.
"""

from core.memberships.card_members import CardMemberships
from core.memberships.charges import StarRenewals
from core.memberships.goods import MembershipGoods
from core.orders import fulfilment
from core.orders.file_goods import FileGoods
from core.payments.rails import port
from core.payments.rails.manual.rail import Manual
from core.payments.rails.nowpayments.rail import Crypto
from core.payments.rails.stars import renewals
from core.payments.rails.stars.rail import Stars
from core.payments.rails.stripe import card_members
from core.payments.rails.stripe.rail import Card
from core.people.shop_fee_goods import ShopFeeGoods
from core.uploads.listing_goods import ListingFeeGoods


def connect() -> None:
    """Register what each room offers the others; may be called again."""
    for goods in (FileGoods(), MembershipGoods(), ListingFeeGoods(), ShopFeeGoods()):
        fulfilment.register(goods)
    for rail in (Stars(), Crypto(), Manual(), Card()):
        port.register(rail)
    renewals.register(StarRenewals())
    card_members.register(CardMemberships())
