"""Notifications in the app (C5, C32): the list, what was read, the ways they take, where mail goes."""

from typing import Annotated

import msgspec
from litestar import Controller, delete, get, patch, post, put
from litestar.params import JSONBody, QueryParameter
from sqlmodel import Session

from api.auth import as_person, require_session
from api.context import SharedShop
from api.limits import count_mail
from api.problems import answers
from api.requests import AnyRequest
from core.kit.rows import id_of
from core.notifications.addresses import address_of, clean_address, forget_address, give_address, state_of
from core.notifications.choices import choices_of, choose
from core.notifications.inbox import Inbox, inbox, mark_read
from core.notifications.subjects import action_url
from core.process.settings import Settings
from schemas.api import (
    ChoiceLine,
    ChoiceRequest,
    MailAnswer,
    MailRequest,
    NotificationLine,
    NotificationPage,
    ReadAnswer,
    ReadRequest,
)
from schemas.base import utc_now
from schemas.http import LARGEST
from schemas.notifications import Kind, MailAddress
from schemas.people import User

Before = Annotated[int | None, QueryParameter(name="before", ge=1, le=LARGEST)]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=100)]


class NotificationController(Controller):
    """What the session's person is told."""

    path = "/api/telegram/notifications"
    tags = ("notifications",)
    guards = (require_session,)
    security = ({"person": []},)

    @get(responses=answers(400, 401, 403, 429))
    async def list_notifications(
        self, shop: SharedShop, request: AnyRequest, before: Before = None, limit: Limit = 20
    ) -> NotificationPage:
        """Newest first; `before` is the answer's own, for the older ones."""

        def work(session: Session, user: User) -> NotificationPage:
            newest = inbox(session, id_of(user), user.language, before=before, limit=limit)
            return _page(newest, shop.settings)

        return await as_person(shop, request, work)

    @post("/read", status_code=200, responses=answers(400, 401, 403, 413, 429))
    async def mark(self, shop: SharedShop, request: AnyRequest, data: JSONBody[ReadRequest]) -> ReadAnswer:
        """These were read; ids that are not the person's own change nothing."""
        now = utc_now()
        return await as_person(
            shop, request, lambda s, user: ReadAnswer(mark_read(s, id_of(user), data.ids, now=now))
        )

    @get("/choices", responses=answers(401, 403, 429))
    async def list_choices(self, shop: SharedShop, request: AnyRequest) -> list[ChoiceLine]:
        """Every kind, and by which ways it comes to the person. In the app all of them stand."""
        return await as_person(shop, request, _choices)

    @patch("/choices", responses=answers(400, 401, 403, 409, 413, 429))
    async def change_choice(
        self, shop: SharedShop, request: AnyRequest, data: JSONBody[ChoiceRequest]
    ) -> list[ChoiceLine]:
        """Have a kind come by a way, or not."""

        def work(session: Session, user: User) -> list[ChoiceLine]:
            choose(session, id_of(user), data.type, data.way, data.wanted)
            return _choices(session, user)

        return await as_person(shop, request, work)

    @get("/address", responses=answers(401, 403, 429))
    async def show_address(self, shop: SharedShop, request: AnyRequest) -> MailAnswer:
        """Where mail goes to the person."""
        offered = shop.sends_mail
        return await as_person(shop, request, lambda s, user: _address(address_of(s, id_of(user)), offered))

    @put("/address", responses=answers(400, 401, 403, 409, 413, 422, 429))
    async def give(self, shop: SharedShop, request: AnyRequest, data: JSONBody[MailRequest]) -> MailAnswer:
        """Want mail at an address: a link is sent there, and nothing else before it was pressed."""
        shop.require_mail()
        address = clean_address(data.address)
        await count_mail(shop, f"user:{request.state.user_id}", address)
        now = utc_now()
        return await as_person(
            shop, request, lambda s, user: _address(give_address(s, id_of(user), address, now=now), True)
        )

    @delete("/address", status_code=200, responses=answers(401, 403, 429))
    async def forget(self, shop: SharedShop, request: AnyRequest) -> MailAnswer:
        """Want no mail at all, and have the address forgotten."""

        def work(session: Session, user: User) -> MailAnswer:
            forget_address(session, id_of(user))
            return _address(None, shop.sends_mail)

        return await as_person(shop, request, work)


def _page(newest: Inbox, settings: Settings) -> NotificationPage:
    lines = [
        NotificationLine(
            notification.id,
            msgspec.convert(notification.kind, Kind),
            notification.title,
            notification.message,
            action_url(notification.kind, notification.params, settings),
            notification.created_at,
            notification.read_at,
        )
        for notification in newest.items
    ]
    return NotificationPage(lines, newest.unread, newest.before)


def _choices(session: Session, user: User) -> list[ChoiceLine]:
    choices = choices_of(session, id_of(user), user.language)
    return [ChoiceLine(choice.kind, choice.title, choice.ways) for choice in choices]


def _address(row: MailAddress | None, offered: bool) -> MailAnswer:
    return MailAnswer(row.address if row else "", state_of(row), offered)
