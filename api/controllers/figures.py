"""The market in figures, and closing it to a person: for admins, in the Mini App."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, TypeVar

from litestar import Controller, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from sqlmodel import Session

from api import member_shapes, shapes
from api.auth import as_person, require_session
from api.context import AppContext, SharedShop
from api.controllers.shop import PageNumber
from api.requests import AnyRequest
from api.shapes import Json
from core.catalogue import statistics
from core.kit.permissions import Act, require
from core.people import bans
from core.people.people import find_people, user_of
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.miniapp import BanRequest
from schemas.people import User

Result = TypeVar("Result")
Days = Annotated[int, QueryParameter(name="days", ge=1, le=366)]
Words = Annotated[str, QueryParameter(name="words", max_length=100)]
PersonId = Annotated[int, PathParameter(ge=1, le=LARGEST)]
LIVE = timedelta(hours=1)


class FiguresController(Controller):
    """What the whole market does, now and over days."""

    path = "/api/figures"
    tags = ("mini app",)
    guards = (require_session,)

    @get()
    async def figures(self, shop: SharedShop, request: AnyRequest, days: Days = 30) -> Json:
        """The last days (UTC), today included; by the hour where it is one or two."""
        now = utc_now()
        return await _as(shop, request, "see_figures", lambda session, _: _read(session, days, now))

    @get("/live")
    async def live(self, shop: SharedShop, request: AnyRequest) -> Json:
        """The last hour by the minute, and the latest downloads."""
        now = utc_now()

        def read(session: Session, _: User) -> Json:
            minutes = statistics.series(session, since=now - LIVE, until=now, step="minute")
            return {
                "minutes": [member_shapes.slot(slot) for slot in minutes],
                "latest": [member_shapes.download(line) for line in statistics.latest_downloads(session)],
            }

        return await _as(shop, request, "see_figures", read)


class PeopleController(Controller):
    """Whom the shop knows, and closing it to one of them."""

    path = "/api/people"
    tags = ("mini app",)
    guards = (require_session,)

    @get()
    async def search(
        self, shop: SharedShop, request: AnyRequest, page: PageNumber = 1, words: Words = ""
    ) -> Json:
        """People by name, @username or Telegram id."""
        found = await _as(
            shop, request, "manage_staff", lambda session, _: find_people(session, words, page=page)
        )
        return shapes.page_of(found, [member_shapes.person(user) for user in found.items])

    @post("/{person_id:int}/ban", status_code=200)
    async def ban(
        self, shop: SharedShop, request: AnyRequest, person_id: PersonId, data: JSONBody[BanRequest]
    ) -> Json:
        """End the person's sessions and tokens and let them do nothing more."""

        def close(session: Session, admin: User) -> Json:
            bans.ban(session, person_id, actor=f"user:{admin.id}", reason=data.reason, now=utc_now())
            return member_shapes.person(user_of(session, person_id))

        return await _as(shop, request, "manage_staff", close)

    @post("/{person_id:int}/unban", status_code=200)
    async def unban(self, shop: SharedShop, request: AnyRequest, person_id: PersonId) -> Json:
        """Let the person act again."""

        def open_again(session: Session, admin: User) -> Json:
            bans.unban(session, person_id, actor=f"user:{admin.id}")
            return member_shapes.person(user_of(session, person_id))

        return await _as(shop, request, "manage_staff", open_again)


async def _as(
    shop: AppContext, request: AnyRequest, act: Act, work: Callable[[Session, User], Result]
) -> Result:
    """Do the work for somebody who may do the act. Raises `NotAllowed`: 403."""

    def checked(session: Session, user: User) -> Result:
        require(user.roles, act)
        return work(session, user)

    return await as_person(shop, request, checked)


def _read(session: Session, days: int, now: datetime) -> Json:
    since = datetime.combine(now.date() - timedelta(days=days - 1), time(), now.tzinfo)
    slots = statistics.series(session, since=since, until=now, step="hour" if days <= 2 else "day")
    products = statistics.top_products(session, since=since, until=now)
    sellers = statistics.top_sellers(session, since=since, until=now)
    return {
        "slots": [member_shapes.slot(slot) for slot in slots],
        "totals": [member_shapes.earned(part) for part in statistics.totals(slots)],
        "products": [member_shapes.ranked(line) for line in products],
        "sellers": [member_shapes.ranked(line) for line in sellers],
    }
