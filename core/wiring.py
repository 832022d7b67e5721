"""Where rooms that must not import each other meet: each kind of goods is made known to the seams.

The one module of `core` that sees all rooms. Every process calls `connect` before it serves.
"""

from core.memberships.charges import StarRenewals
from core.memberships.goods import MembershipGoods
from core.orders import fulfilment
from core.orders.file_goods import FileGoods
from core.payments.rails.stars import renewals
from core.uploads.listing_goods import ListingFeeGoods


def connect() -> None:
    """Register what each room offers the others; may be called again."""
    for goods in (FileGoods(), MembershipGoods(), ListingFeeGoods()):
        fulfilment.register(goods)
    renewals.register(StarRenewals())
