"""Sellers' membership plans: the list, making one in a few answers, putting it on sale, closing it."""

import secrets
from collections.abc import Collection
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlmodel import Session

from bot.dialogs import Dialog
from bot.handlers.sell import own_shop
from bot.plan_input import change, read_length
from bot.price_input import read_prices
from bot.request import Request
from bot.routes import Routes
from bot.screens import channels as channel_screens
from bot.screens import plans as screens
from core.kit.errors import Refused
from core.kit.names import clean_title
from core.kit.prices import Prices
from core.kit.rows import id_of
from core.memberships.channels import channels_of
from core.memberships.plans import Terms, create_plan, own_plan, set_plan_status
from core.memberships.queries import PlanView, plan_view, plans_of
from core.orders.publication import publish
from core.uploads.moderation import text_rules
from schemas.membership import Channel, PlanStatus
from schemas.people import Seller, User

routes = Routes()


class PlanDraft(msgspec.Struct, frozen=True, omit_defaults=True):
    """A new plan as answered so far; `key` makes it one plan, however often it is finished.

    `length`, `stars` and `site` are as typed or pressed, None where a price was left out.
    """

    key: str
    title: str = ""
    channels: list[int] = []
    length: str = ""
    stars: str | None = None
    site: str | None = None


@routes.command("plans", "offres")
async def open_plans(request: Request) -> None:
    """Show the seller's plans, from a command."""
    await my_plans(request)


@routes.button("my_plans")
async def my_plans(request: Request) -> None:
    """Show the seller's plans, from a button."""
    plans = await request.run(lambda session, person: plans_of(session, id_of(own_shop(session, person))))
    await request.show(screens.plans(request.language, plans))


@routes.button("my_plan")
async def my_plan(request: Request, plan_id: int) -> None:
    """Show one plan."""
    plan = await request.run(lambda session, person: own_view(session, person, plan_id))
    await request.show(screens.plan(request.language, plan))


@routes.button("plan_turn")
async def turn(request: Request, plan_id: int) -> None:
    """Put a plan on sale, pause its sale, or resume it."""

    def work(session: Session, person: User) -> None:
        plan = own_view(session, person, plan_id)
        if not plan.published:
            review = text_rules(request.app.settings)
            publish(session, plan_id, actor_user=person, review=review, now=request.now)
        status: PlanStatus = "paused" if plan.published and plan.status == "open" else "open"
        set_plan_status(session, plan_id, status, actor_user=person, now=request.now)

    await request.run(work)
    await my_plan(request, plan_id)


@routes.button("plan_close")
async def ask_close(request: Request, plan_id: int) -> None:
    """Ask once more before a plan is closed: that is for good."""
    plan = await request.run(lambda session, person: own_view(session, person, plan_id))
    await request.show(screens.closing(request.language, plan))


@routes.button("plan_closed")
async def close(request: Request, plan_id: int) -> None:
    """Close a plan: it is sold no more, and its members stay to their end."""
    await request.run(
        lambda session, person: set_plan_status(
            session, plan_id, "closed", actor_user=person, now=request.now
        )
    )
    await my_plan(request, plan_id)


@routes.button("plan_new")
async def ask_title(request: Request) -> None:
    """Ask the first question of a new plan: its name. Without a channel, say how to connect one."""
    _, channels = await request.run(usable)
    if not channels:
        await request.show(channel_screens.channels(request.language, [], request.app.bot_username))
        return
    await wait(request, "plan_title", PlanDraft(key=secrets.token_hex(8)))
    await request.send(screens.question(request.language, "ask-title"))


@routes.answer("plan_title")
async def take_title(request: Request, **facts: Any) -> None:
    """Take the name of a new plan and ask for its channels, unless there is only one."""
    draft = replace(msgspec.convert(facts, PlanDraft), title=clean_title(request.words))
    _, channels = await request.run(usable)
    if len(channels) == 1:
        await ask_length(request, replace(draft, channels=[id_of(channels[0])]))
    else:
        await wait(request, "plan_channels", draft)
        await request.send(screens.which_channels(request.language, channels, []))


@routes.button("plan_pick")
async def pick(request: Request, channel_id: int) -> None:
    """Add a channel to the new plan, or take it away."""
    draft = await draft_of(request, "plan_channels")
    _, channels = await request.run(usable)
    possible = {channel.id for channel in channels}
    chosen = sorted(set(draft.channels) ^ ({channel_id} & possible))
    await wait(request, "plan_channels", replace(draft, channels=chosen))
    await request.show(screens.which_channels(request.language, channels, chosen))


@routes.button("plan_picked")
async def picked(request: Request) -> None:
    """End the choice of channels and ask for the length."""
    draft = await draft_of(request, "plan_channels")
    if not draft.channels:
        raise Refused("no-channel")
    await ask_length(request, draft)


@routes.answer("plan_channels")
async def point_to_channels(request: Request, **facts: Any) -> None:
    """Show the buttons of the channels again to somebody who writes words instead."""
    _, channels = await request.run(usable)
    chosen = msgspec.convert(facts, PlanDraft).channels
    await request.send(screens.which_channels(request.language, channels, chosen))


async def ask_length(request: Request, draft: PlanDraft) -> None:
    """Ask how long the new plan lasts."""
    await wait(request, "plan_length", draft)
    await request.send(screens.how_long(request.language))


@routes.answer("plan_length")
async def take_length(request: Request, **facts: Any) -> None:
    """Take the length of a new plan as typed."""
    await keep_length(request, request.words, msgspec.convert(facts, PlanDraft))


@routes.button("plan_length")
async def press_length(request: Request, words: str) -> None:
    """Take the length of a new plan as pressed."""
    await keep_length(request, words, await draft_of(request, "plan_length"))


async def keep_length(request: Request, words: str, draft: PlanDraft) -> None:
    """Keep the length and ask for the price, first in Stars where the shop takes them."""
    read_length(words)
    shop, _ = await request.run(usable)
    draft = replace(draft, length=words)
    if "stars" in shop.rails:
        await wait(request, "plan_stars", draft)
        await request.send(screens.how_much(request.language, "stars"))
    else:
        await ask_site_price(request, draft)


@routes.answer("plan_stars")
async def take_stars(request: Request, **facts: Any) -> None:
    """Take the price in Stars; then ask for that on the site, where the shop takes other rails."""
    read_prices(request.words, "stars", request.language)
    await after_stars(request, replace(msgspec.convert(facts, PlanDraft), stars=request.words))


@routes.button("plan_skip")
async def skip(request: Request) -> None:
    """Leave the price of this rail out."""
    dialog = await request.app.dialogs.current(request.person.telegram_id)
    if dialog is not None and dialog.step == "plan_stars":
        await after_stars(request, msgspec.convert(dialog.facts, PlanDraft))
    else:
        await make(request, await draft_of(request, "plan_site"))


async def after_stars(request: Request, draft: PlanDraft) -> None:
    """Ask for the price on the site, where the shop takes other rails than Stars."""
    shop, _ = await request.run(usable)
    if set(shop.rails) - {"stars"}:
        await ask_site_price(request, draft)
    else:
        await make(request, draft)


async def ask_site_price(request: Request, draft: PlanDraft) -> None:
    """Ask for the price on the site."""
    await wait(request, "plan_site", draft)
    await request.send(screens.how_much(request.language, "site"))


@routes.answer("plan_site")
async def take_site_price(request: Request, **facts: Any) -> None:
    """Take the price on the site, the last answer."""
    read_prices(request.words, "manual", request.language)
    await make(request, replace(msgspec.convert(facts, PlanDraft), site=request.words))


async def make(request: Request, draft: PlanDraft) -> None:
    """Make the plan from the answers, not on sale yet; pressed twice, it is the same plan."""

    def work(session: Session, person: User) -> PlanView:
        shop = own_shop(session, person)
        plan = create_plan(
            session,
            shop,
            title=draft.title,
            description="",
            prices=_prices(draft, shop.rails, request.language),
            terms=change(Terms(), "length", draft.length),
            channel_ids=draft.channels,
            now=request.now,
            idempotency_key=f"bot:{draft.key}",
        )
        return plan_view(session, id_of(plan))

    plan = await request.run(work)
    await request.app.dialogs.close(request.person.telegram_id)
    await request.say("plan-made")
    await request.send(screens.plan(request.language, plan))


async def wait(request: Request, step: str, draft: PlanDraft) -> None:
    """Keep the answers so far and wait for the one to `step`."""
    await request.app.dialogs.put(request.person.telegram_id, Dialog(step, msgspec.to_builtins(draft)))


async def draft_of(request: Request, step: str) -> PlanDraft:
    """The answers so far. Raises `Refused` when too much time has passed, or another question is open."""
    dialog = await request.app.dialogs.current(request.person.telegram_id)
    if dialog is None or dialog.step != step:
        raise Refused("plan-dialog-lost")
    return msgspec.convert(dialog.facts, PlanDraft)


def _prices(draft: PlanDraft, rails: Collection[str], language: str) -> Prices:
    """Those of the site are the same on each of its rails; later each may get its own."""
    typed = {rail: draft.stars if rail == "stars" else draft.site for rail in ("stars", *rails)}
    return {rail: read_prices(words, rail, language) for rail, words in typed.items() if words is not None}


def usable(session: Session, person: User) -> tuple[Seller, list[Channel]]:
    """The person's shop and the channels that a plan may open. Raises `NotFound`, `Refused`."""
    shop = own_shop(session, person)
    if shop.status != "approved":
        raise Refused("shop-not-approved")
    return shop, [channel for channel in channels_of(session, id_of(shop)) if channel.state != "gone"]


def own_view(session: Session, person: User, plan_id: int) -> PlanView:
    """A plan of the person's shop. Raises `NotFound`, `NotAllowed`."""
    own_plan(session, plan_id, person)
    return plan_view(session, plan_id)
