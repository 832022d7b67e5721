"""A seller's sales in the Mini App, one by one, and giving their money back. Amounts in minor units."""

from typing import Annotated

import msgspec

from schemas.answers import Moment, MoneyAnswer, Paging
from schemas.disputes import DisputeStatus
from schemas.miniapp import Amount
from schemas.rails import Rail
from schemas.sales import OrderStatus, RefundStatus
from schemas.text import Text


class SaleRow(msgspec.Struct):
    """One sale in a list."""

    number: str
    title: str
    price: MoneyAnswer
    rail: Rail
    status: OrderStatus
    paid_at: Moment


class SalePage(Paging):
    """A shop's sales, newest first."""

    items: list[SaleRow]


class SaleRefundRow(msgspec.Struct):
    """Money of a sale that went back, is on its way, or did not reach the buyer."""

    amount: MoneyAnswer
    status: RefundStatus
    reason: str
    created_at: Moment


class SaleDispute(msgspec.Struct):
    """A bank's dispute of a sale: why, in Stripe's word, and how it stands; `answer_by`: until when evidence
    counts. `is_held`: nobody may use what was bought for now. `proof`: the path of the proof of delivery,
    empty while it is gathered; `can_submit`: it can be handed in, once."""

    id: int
    amount: MoneyAnswer
    status: DisputeStatus
    reason: str
    answer_by: Moment | None
    answered: bool
    is_held: bool
    proof: str
    can_submit: bool


class SaleAnswer(SaleRow):
    """One sale. `buyer` is a shown name, empty while nobody has claimed a web order. `left` can still go
    back; `hindrance` says in words why nothing can, or is empty. `in_force`: what it gave stands;
    `goes_on`: a later period of its subscription is paid, which a refund does not end."""

    buyer: str
    left: MoneyAnswer
    hindrance: str
    in_force: bool
    goes_on: bool
    refunds: list[SaleRefundRow]
    disputes: list[SaleDispute]


class SaleRefundBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why and how much goes back: without `amount` all that is left, which ends access; a part ends it only
    where `end_access`. The same `idempotency_key` again refunds nothing more."""

    reason: Annotated[Text, msgspec.Meta(min_length=1, max_length=300)]
    idempotency_key: Annotated[Text, msgspec.Meta(min_length=16, max_length=100)]
    amount: Amount | None = None
    end_access: bool = False
