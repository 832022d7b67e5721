"""Inline mode: `@bot words` in any chat searches the catalogue and drops a product card there."""

import structlog
from pyrogram import Client
from pyrogram.enums import ParseMode
from pyrogram.errors import RPCError
from pyrogram.types import (
    InlineQuery,
    InlineQueryResult,
    InlineQueryResultArticle,
    InputTextMessageContent,
)

from bot.pace import Pace
from bot.request import NO_PREVIEW, AppContext
from bot.router import upsert_sender
from bot.screens.catalogue import price_line
from core.catalogue.catalogue import ProductView, search
from core.kit.names import clean_text
from core.kit.pagination import Page
from core.kit.permissions import allowed
from core.kit.texts import plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT
from core.payments.offers import Offers, log_offers, offers_of
from core.people.people import language_of
from core.ports import Button
from core.process.limits import INLINE
from core.telegram.deep_links import product_link
from core.telegram.keyboards import markup
from schemas.base import utc_now
from schemas.people import User

RESULTS = 10
CACHE = 30  # seconds; prices and publication change
WORDS_LIMIT = 64

log = structlog.get_logger(__name__)


class Inline:
    """Answers inline queries; an answer always comes, whatever fails."""

    def __init__(self, app: AppContext):
        self.app = app

    async def on_query(self, client: Client, query: InlineQuery) -> None:
        """Search the catalogue, page by page: the query's offset is the number of the page."""
        number = (
            int(query.offset)
            if query.offset.isascii() and query.offset.isdecimal() and len(query.offset) < 6
            else 1
        )
        self.app.meter.served += 1
        if Pace(self.app.limiter, INLINE, query.from_user.id).is_one_too_many:
            await self._answer(query, [], "")
            return
        try:
            person, page = await self.app.run(
                lambda session: (
                    upsert_sender(session, query.from_user, utc_now()),
                    search(session, clean_text(query.query)[:WORDS_LIMIT], page=number, size=RESULTS),
                )
            )
            results, following = self._results(person, page, number)
        except Exception:
            self.app.meter.failed += 1
            log.exception("inline_failed", telegram_id=query.from_user.id)
            results, following = [], ""
        await self._answer(query, results, following)

    async def _answer(self, query: InlineQuery, results: list[InlineQueryResult], following: str) -> None:
        language = language_of(query.from_user.language_code)
        try:
            await query.answer(
                results,
                cache_time=CACHE,
                is_personal=True,  # in the person's language
                next_offset=following,
                switch_pm_text=plain(language, "inline-open-bot"),
                switch_pm_parameter="inline",
            )
        except RPCError as error:
            log.info("inline_answer_lost", error=str(error))

    def _results(
        self, person: User, page: Page[ProductView], number: int
    ) -> tuple[list[InlineQueryResult], str]:
        if not allowed(person.roles, "buy") or number > page.pages:
            return [], ""
        policy, settings = self.app.policy, self.app.settings
        offers = [offers_of(product, "inline", policy=policy, settings=settings) for product in page.items]
        log_offers(offers)
        cards = [
            _result(person.language, product, offer, self.app.bot_username)
            for product, offer in zip(page.items, offers, strict=True)
        ]
        return list(cards), str(number + 1) if number < page.pages else ""


def _result(
    language: str, product: ProductView, offers: Offers, bot_username: str
) -> InlineQueryResultArticle:
    prices = price_line(language, offers)
    body = text(
        language,
        "inline-card",
        title=shorten(product.title, TITLE_LIMIT),
        seller=product.seller_name,
        prices=prices or "—",
        words=shorten(product.description, 600),
    )
    link = product_link(bot_username, product.slug)
    return InlineQueryResultArticle(
        title=shorten(product.title, 100),
        description=" · ".join(filter(None, (prices, shorten(product.description, 100)))),
        id=str(product.id),
        input_message_content=InputTextMessageContent(
            body, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
        reply_markup=markup([[Button(plain(language, "button-see-product"), url=link)]]),
    )
