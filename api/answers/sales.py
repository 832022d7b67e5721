"""A seller's sales as the Mini App gets them."""

from msgspec import convert

from api.answers.common import answer_of, moment
from core.kit.errors import Refused
from core.kit.pagination import Page
from core.kit.texts import plain_refusal
from core.payments.dispute_views import DisputeView
from core.payments.sale_refunds import Sale
from core.people.sellers import SaleLine
from schemas.answers import MoneyAnswer
from schemas.miniapp_sales import SaleAnswer, SaleDispute, SalePage, SaleRefundRow, SaleRow
from schemas.rails import Rail


def sale_page(page: Page[SaleLine]) -> SalePage:
    """One page of a shop's sales."""
    items = [
        SaleRow(
            number=line.number,
            title=line.title,
            price=answer_of(line.price, MoneyAnswer),
            rail=convert(line.rail, Rail),
            status=line.status,
            paid_at=moment(line.paid_at),
        )
        for line in page.items
    ]
    return SalePage(page.number, page.pages, page.total, items)


def sale_answer(sale: Sale, language: str) -> SaleAnswer:
    """One sale; what stands in the way of a refund is said in words."""
    why = Refused(sale.hindrance, {"number": sale.number, "status": sale.status})
    return SaleAnswer(
        number=sale.number,
        title=sale.title,
        price=answer_of(sale.price, MoneyAnswer),
        rail=convert(sale.rail, Rail),
        status=sale.status,
        paid_at=moment(sale.paid_at),
        buyer=sale.buyer,
        left=answer_of(sale.left, MoneyAnswer),
        hindrance=plain_refusal(language, why) if sale.hindrance else "",
        in_force=sale.in_force,
        goes_on=sale.goes_on,
        refunds=[
            SaleRefundRow(
                answer_of(each.amount, MoneyAnswer), each.status, each.reason, moment(each.created_at)
            )
            for each in sale.refunds
        ],
        disputes=[dispute_answer(each) for each in sale.disputes],
    )


def dispute_answer(view: DisputeView) -> SaleDispute:
    """A dispute of a sale."""
    return SaleDispute(
        id=view.id,
        amount=answer_of(view.amount, MoneyAnswer),
        status=view.status,
        reason=view.reason,
        answer_by=moment(view.answer_by),
        answered=view.answered,
        is_held=view.is_held,
        proof=view.proof,
        can_submit=view.can_submit,
    )
