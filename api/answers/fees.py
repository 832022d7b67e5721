"""Where a seller pays what they owe the operator."""

from msgspec import UNSET

from api.answers.common import answer_of
from api.context import AppContext
from core.payments.offers import ForSale, log_offers, offers_of
from core.telegram.deep_links import product_link
from schemas.answers import MoneyAnswer, PaymentPlaces


def payment_places(fee: ForSale, shop: AppContext) -> PaymentPlaces:
    """Where a fee is paid, as far as the Mini App may lead there, and one of its prices there."""
    bot = shop.settings.bot_username
    offers = offers_of(fee, "miniapp", policy=shop.policy, settings=shop.settings)
    log_offers([offers])
    price = next(iter(offers.amounts), None)
    return PaymentPlaces(
        bot_link=product_link(bot, fee.slug) if bot and offers.here else UNSET,
        web_link=offers.site or UNSET,
        price=answer_of(price, MoneyAnswer) if price else UNSET,
    )
