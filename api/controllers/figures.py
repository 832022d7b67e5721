"""The market in figures, and closing it to a person: for admins, in the Mini App."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, TypeVar

from litestar import Controller, get, post
from litestar.params import JSONBody, PathParameter
from sqlmodel import Session

from api.answers.figures import figures_answer, known_people, known_person, live_answer
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.parameters import Days, PageNumber, Words
from api.problems import answers
from api.requests import AnyRequest
from core.catalogue import statistics
from core.kit.permissions import Act, require
from core.people import bans
from core.people.people import find_people, user_of
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.miniapp import BanRequest
from schemas.miniapp_figures import FiguresAnswer, KnownPerson, KnownPersonPage, LiveAnswer
from schemas.people import User

Result = TypeVar("Result")
PersonId = Annotated[int, PathParameter(ge=1, le=LARGEST)]
LIVE = timedelta(hours=1)


class FiguresController(Controller):
    """What the whole market does, now and over days."""

    path = "/api/figures"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get(responses=answers(400, 401, 403, 429))
    async def figures(self, shop: SharedShop, request: AnyRequest, days: Days = 30) -> FiguresAnswer:
        """The last days (UTC), today included; by the hour where it is one or two."""
        now = utc_now()
        return await _as(shop, request, "see_figures", lambda session, _: _read(session, days, now))

    @get("/live", responses=answers(401, 403, 429))
    async def live(self, shop: SharedShop, request: AnyRequest) -> LiveAnswer:
        """The last hour by the minute, and the latest downloads."""
        now = utc_now()

        def read(session: Session, _: User) -> LiveAnswer:
            minutes = statistics.series(session, since=now - LIVE, until=now, step="minute")
            return live_answer(minutes, statistics.latest_downloads(session))

        return await _as(shop, request, "see_figures", read)


class PeopleController(Controller):
    """Whom the shop knows, and closing it to one of them."""

    path = "/api/people"
    tags = ("mini app",)
    guards = (require_session,)
    security = ({"person": []},)

    @get(responses=answers(400, 401, 403, 429))
    async def search(
        self, shop: SharedShop, request: AnyRequest, page: PageNumber = 1, words: Words = ""
    ) -> KnownPersonPage:
        """People by name, @username or Telegram id."""
        people = await _as(
            shop, request, "manage_staff", lambda session, _: find_people(session, words, page=page)
        )
        return known_people(people)

    @post("/{person_id:int}/ban", status_code=200, responses=answers(400, 401, 403, 404, 409, 413, 429))
    async def ban(
        self, shop: SharedShop, request: AnyRequest, person_id: PersonId, data: JSONBody[BanRequest]
    ) -> KnownPerson:
        """End the person's sessions and tokens and let them do nothing more."""

        def close(session: Session, admin: User) -> KnownPerson:
            bans.ban(session, person_id, actor=f"user:{admin.id}", reason=data.reason, now=utc_now())
            return known_person(user_of(session, person_id))

        return await _as(shop, request, "manage_staff", close)

    @post("/{person_id:int}/unban", status_code=200, responses=answers(400, 401, 403, 404, 429))
    async def unban(self, shop: SharedShop, request: AnyRequest, person_id: PersonId) -> KnownPerson:
        """Let the person act again."""

        def open_again(session: Session, admin: User) -> KnownPerson:
            bans.unban(session, person_id, actor=f"user:{admin.id}")
            return known_person(user_of(session, person_id))

        return await _as(shop, request, "manage_staff", open_again)


async def _as(
    shop: AppContext, request: AnyRequest, act: Act, work: Callable[[Session, User], Result]
) -> Result:
    """Do the work for somebody who may do the act. Raises `NotAllowed`: 403."""

    def checked(session: Session, user: User) -> Result:
        require(user.roles, act)
        return work(session, user)

    return await as_person(shop, request, checked)


def _read(session: Session, days: int, now: datetime) -> FiguresAnswer:
    since = datetime.combine(now.date() - timedelta(days=days - 1), time(), now.tzinfo)
    slots = statistics.series(session, since=since, until=now, step="hour" if days <= 2 else "day")
    products = statistics.top_products(session, since=since, until=now)
    sellers = statistics.top_sellers(session, since=since, until=now)
    return figures_answer(slots, products, sellers)
