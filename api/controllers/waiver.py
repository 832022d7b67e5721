"""What buyers are asked to agree to before they pay, for pages that are not ours and for the Mini App."""

from litestar import Controller, get

from api.context import SharedShop
from api.problems import answers
from api.requests import AnyRequest, language_of
from core.kit.texts import plain
from core.payments.waiver import WORDS, version_of
from schemas.api import WaiverAnswer


class WaiverController(Controller):
    """The words by which a buyer gives up the right of withdrawal."""

    path = "/api/payments/waiver"
    tags = ("mini app",)

    @get(responses=answers(429))
    async def show(self, shop: SharedShop, request: AnyRequest) -> WaiverAnswer:
        """The words in the reader's language, to show beside an empty tick; an order sends `version` back."""
        if not shop.settings.withdrawal_waiver:
            return WaiverAnswer("", "")
        language = language_of(request)
        return WaiverAnswer(version_of(language), plain(language, WORDS))
