"""Sellers' channels in the bot: connecting one, the bot's rights there, events, and who should not be in."""

from collections.abc import Collection
from datetime import datetime
from importlib.resources import files
from io import BytesIO
from typing import Any

import structlog
from pyrogram.enums import ParseMode
from pyrogram.errors import RPCError
from pyrogram.types import InputMediaPhoto
from sqlmodel import Session, col, select

from bot.handlers.sell import own_shop
from bot.own_rights import ask_rights
from bot.request import Request
from bot.routes import Routes
from bot.screens import channels as screens
from core.kit.rows import id_of, must_get
from core.memberships import channels as rules
from core.memberships.channel_codes import show_code
from core.memberships.checks import differences
from core.memberships.notifications import title_of
from core.memberships.queries import plans_of
from core.ports import Message
from schemas.membership import Membership
from schemas.people import User

log = structlog.get_logger(__name__)
routes = Routes()


@routes.command("channels", "canaux")
async def open_channels(request: Request) -> None:
    """Show the seller's channels, from a command."""
    await my_channels(request)


@routes.button("my_channels")
async def my_channels(request: Request) -> None:
    """Show the seller's channels, from a button."""
    own = await request.run(
        lambda session, person: rules.channels_of(session, id_of(own_shop(session, person)))
    )
    await request.show(screens.channels(request.language, own, request.app.bot_username))


@routes.button("channel")
async def show_channel(request: Request, channel_id: int) -> None:
    """Show one channel."""
    await request.show(
        await request.run(lambda session, person: load_card(session, person, channel_id, now=request.now))
    )


@routes.button("channel_check")
async def check_channel(request: Request, channel_id: int) -> None:
    """Ask Telegram what the bot may do there, now."""
    channel = await request.run(lambda session, person: rules.own_channel(session, channel_id, person))
    rights = await ask_rights(request.client, channel.telegram_id)
    state = await request.app.run(
        lambda session: rules.check_rights(session, channel_id, rights, now=request.now)
    )
    await request.answer(request.plain("channel-checked", state=state))
    await show_channel(request, channel_id)


@routes.button("channel_code")
async def show_channel_code(request: Request) -> None:
    """Show the code that connects a channel whose admins are anonymous."""
    code = await request.run(
        lambda session, person: show_code(
            session, own_shop(session, person), request.app.settings.bot_token, now=request.now
        )
    )
    await request.show(screens.connecting_code(request.language, code, now=request.now))


@routes.button("rights_guide")
async def show_guide(request: Request) -> None:
    """Show how to make the bot an admin: a picture and a text for each step (D42)."""
    await request.answer()
    pictures: list[Any] = [
        InputMediaPhoto(
            picture(request.language, step),
            caption=screens.guide_caption(request.language, step),
            parse_mode=ParseMode.HTML,
        )
        for step in range(1, screens.STEPS + 1)
    ]
    try:
        await request.client.send_media_group(request.person.telegram_id, pictures)
    except RPCError as error:  # the words alone are a guide, too
        log.warning("guide_pictures_refused", error=str(error))
        steps = (screens.guide_caption(request.language, step) for step in range(1, screens.STEPS + 1))
        await request.send(Message("\n\n".join(steps)))
    await request.send(screens.guide_end(request.language, request.app.bot_username))


@routes.button("enforce")
async def set_enforcement(request: Request, channel_id: int, mode: str) -> None:
    """Only list people without a membership, or ask whether they are really to be removed."""
    if mode == "act":
        channel = await request.run(lambda session, person: rules.own_channel(session, channel_id, person))
        await request.show(screens.enforcing(request.language, channel))
    else:
        await enforce(request, channel_id, mode)


@routes.button("enforced")
async def enforce_now(request: Request, channel_id: int) -> None:
    """Remove people without a membership from now on."""
    await enforce(request, channel_id, "act")


async def enforce(request: Request, channel_id: int, mode: str) -> None:
    """Choose what becomes of people without a membership, and show the channel."""
    await request.run(
        lambda session, person: rules.set_enforcement(session, channel_id, mode, actor_user=person)
    )
    await show_channel(request, channel_id)


@routes.button("channel_events")
async def show_events(request: Request, page: int, channel_id: int) -> None:
    """Show what happened in a channel."""

    def work(session: Session, person: User) -> Message:
        channel = rules.own_channel(session, channel_id, person)
        events = rules.events_of(session, channel.seller_id, page=page, channel_id=channel_id)
        names = names_of(session, {line.telegram_id for line in events.items})
        return screens.events(person.language, events, channel_id, names)

    await request.show(await request.run(work))


@routes.button("differences")
async def show_differences(request: Request, channel_id: int) -> None:
    """Show who is in without a membership, and whose membership runs and who is not in."""

    def work(session: Session, person: User) -> Message:
        channel = rules.own_channel(session, channel_id, person)
        differing = differences(session, channel_id, now=request.now)
        missing = [holder(session, number) for number in differing.missing[: screens.SHOWN]]
        names = names_of(session, differing.without_grant[: screens.SHOWN])
        return screens.differences(person.language, channel, differing.without_grant, missing, names)

    await request.show(await request.run(work))


def picture(language: str, step: int) -> BytesIO:
    """Read a picture of the guide; `python -m scripts.draw_guide_images` draws them."""
    name = f"rights-{language}-{step}.png"
    image = BytesIO((files("bot") / "pictures" / name).read_bytes())
    image.name = name
    return image


def load_card(session: Session, person: User, channel_id: int, *, now: datetime) -> Message:
    """Load the card of a channel. Raises `NotFound`, `NotAllowed` for another's."""
    channel = rules.own_channel(session, channel_id, person)
    plans = plans_of(session, channel.seller_id)
    opening = sum(any(opened.id == channel_id for opened in plan.channels) for plan in plans)
    differing = differences(session, channel_id, now=now)
    count = len(differing.without_grant) + len(differing.missing)
    return screens.channel(person.language, channel, opening, count)


def holder(session: Session, membership_id: int) -> tuple[str, str]:
    """The names of a member and of their plan."""
    membership = must_get(session, Membership, membership_id, "membership-unknown")
    name = session.exec(select(User.name).where(User.id == membership.user_id)).one()
    return name, title_of(session, membership.plan_id)


def names_of(session: Session, people: Collection[int | None]) -> dict[int, str]:
    """The names of those whom the bot has met, by Telegram id."""
    statement = select(User.telegram_id, User.name).where(col(User.telegram_id).in_(people))
    return dict(session.exec(statement).all())
