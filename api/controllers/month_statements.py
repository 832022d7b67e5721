"""A seller's month for the accountant: its sums in the Mini App, and its CSV by an address with a key."""

from typing import Annotated

from litestar import Controller, Response, get
from litestar.params import PathParameter, QueryParameter
from sqlmodel import Session

from api.answers.common import answer_of
from api.auth import as_person, require_session
from api.context import SharedShop
from api.problems import answers
from api.requests import AnyRequest, client_address
from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.payments.month_sums import month_sums, seller_to_state
from core.payments.statements import file_name, file_of
from core.people.picture_keys import holder_of
from schemas.base import utc_now
from schemas.miniapp_statements import StatementAnswer, StatementLine
from schemas.people import User
from schemas.text import CLEAN

Month = Annotated[str, PathParameter(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])$", max_length=7)]
Key = Annotated[str, QueryParameter(name="key", pattern=CLEAN, max_length=200)]


class StatementController(Controller):
    """The months of the session's seller."""

    path = "/api/statements"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get("/{month:str}", responses=answers(400, 401, 403, 404, 429))
    async def show(self, shop: SharedShop, request: AnyRequest, month: Month) -> StatementAnswer:
        """What was sold, given back and paid out, by rail and currency; and where the CSV is."""
        file = f"/statements/{month}?key={request.state.pictures.sign(_subject(month))}"

        def work(session: Session, user: User) -> StatementAnswer:
            seller = seller_to_state(session, user)
            lines = [answer_of(line, StatementLine) for line in month_sums(session, id_of(seller), month)]
            return StatementAnswer(month, seller.legal_name or seller.name, lines, file, file_name(month))

        return await as_person(shop, request, work)


@get("/statements/{month:str}", include_in_schema=False, media_type="text/csv")
async def download_statement(
    shop: SharedShop, request: AnyRequest, month: Month, key: Key = ""
) -> Response[str]:
    """The CSV of a month, for whoever has the key of a session that may see it; a wrong one is a guess."""
    now = utc_now()

    def work(session: Session) -> str:
        person = holder_of(session, key, _subject(month), now=now)
        if person is None:
            raise NotFound("statement-unknown")
        return file_of(session, id_of(seller_to_state(session, person)), month)

    client = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    text = await shop.look_up(client, shop.run(work))
    headers = {
        "content-disposition": f'attachment; filename="{file_name(month)}"',
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
        # Telegram's web clients fetch a file before they hand it over (core.telegram.org/bots/webapps).
        "access-control-allow-origin": "https://web.telegram.org",
    }
    return Response(text, media_type="text/csv", headers=headers)


def _subject(month: str) -> bytes:
    return f"statement:{month}".encode()
