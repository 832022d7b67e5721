"""Sellers' plans: the list, making one in a few answers, putting it on sale, closing it."""

import secrets
from typing import Any

from sqlmodel import Session

from bot.handlers.sell import own_shop
from bot.plan_input import change, read_length, with_price
from bot.request import Request
from bot.routes import Routes
from bot.screens import channels as channel_screens
from bot.screens import plans as screens
from core.catalogue.products import publish
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.names import clean_title
from core.kit.rows import id_of
from core.memberships.channels import channels_of
from core.memberships.plans import Terms, create_plan, own_plan, set_plan_status
from core.memberships.queries import PlanView, plan_view, plans_of
from schemas.membership import Channel
from schemas.people import Seller, User

routes = Routes()
Facts = dict[str, Any]


@routes.command("plans", "offres")
async def open_plans(request: Request) -> None:
    """The shop's plans."""
    await my_plans(request)


@routes.button("my_plans")
async def my_plans(request: Request) -> None:
    """The same, from a button."""
    found = await request.run(lambda session, person: plans_of(session, id_of(own_shop(session, person))))
    await request.show(screens.plans(request.language, found))


@routes.button("my_plan")
async def my_plan(request: Request, plan_id: int) -> None:
    """One of them."""
    shown = await request.run(lambda session, person: own_view(session, person, plan_id))
    await request.show(screens.plan(request.language, shown))


@routes.button("plan_turn")
async def turn(request: Request, plan_id: int) -> None:
    """Put it on sale, hold its sale, or go on with it."""

    def work(session: Session, person: User) -> None:
        shown = own_view(session, person, plan_id)
        if not shown.published:
            publish(session, plan_id, actor_user=person, now=request.now)
        status = "paused" if shown.published and shown.status == "open" else "open"
        set_plan_status(session, plan_id, status, actor_user=person, now=request.now)

    await request.run(work)
    await my_plan(request, plan_id)


@routes.button("plan_close")
async def ask_close(request: Request, plan_id: int) -> None:
    """Once more, because it is for good."""
    shown = await request.run(lambda session, person: own_view(session, person, plan_id))
    await request.show(screens.closing(request.language, shown))


@routes.button("plan_closed")
async def close(request: Request, plan_id: int) -> None:
    """Sold no more; members stay to their end."""
    await request.run(
        lambda session, person: set_plan_status(
            session, plan_id, "closed", actor_user=person, now=request.now
        )
    )
    await my_plan(request, plan_id)


@routes.button("plan_new")
async def ask_title(request: Request) -> None:
    """First question: the name. Without a channel, how to connect one."""
    _, channels = await request.run(usable)
    if not channels:
        await request.show(channel_screens.channels(request.language, [], request.shop.bot_username))
        return
    await wait(request, "plan_title", key=secrets.token_hex(8))
    await request.send(screens.question(request.language, "ask-title"))


@routes.answer("plan_title")
async def take_title(request: Request, key: str) -> None:
    """Second question: the channels, unless there is only one."""
    title = clean_title(request.words)
    _, channels = await request.run(usable)
    facts = {"key": key, "title": title}
    if len(channels) == 1:
        await ask_length(request, facts | {"channels": [channels[0].id]})
    else:
        await wait(request, "plan_channels", **facts, channels=[])
        await request.send(screens.which_channels(request.language, channels, []))


@routes.button("plan_pick")
async def pick(request: Request, channel_id: int) -> None:
    """Take a channel or leave it."""
    facts = await facts_of(request, "plan_channels")
    _, channels = await request.run(usable)
    known = {channel.id for channel in channels}
    chosen = sorted(set(facts["channels"]) ^ ({channel_id} & known))
    await wait(request, "plan_channels", **(facts | {"channels": chosen}))
    await request.show(screens.which_channels(request.language, channels, chosen))


@routes.button("plan_picked")
async def picked(request: Request) -> None:
    """The channels are chosen."""
    facts = await facts_of(request, "plan_channels")
    if not facts["channels"]:
        raise Refused("no-channel")
    await ask_length(request, facts)


@routes.answer("plan_channels")
async def point_to_channels(request: Request, **facts: Any) -> None:
    """Words where a button is awaited."""
    _, channels = await request.run(usable)
    await request.send(screens.which_channels(request.language, channels, facts["channels"]))


async def ask_length(request: Request, facts: Facts) -> None:
    """Third question: how long."""
    await wait(request, "plan_length", **facts)
    await request.send(screens.how_long(request.language))


@routes.answer("plan_length")
async def take_length(request: Request, **facts: Any) -> None:
    """The length as typed."""
    await keep_length(request, request.words, facts)


@routes.button("plan_length")
async def press_length(request: Request, words: str) -> None:
    """The length as pressed."""
    await keep_length(request, words, await facts_of(request, "plan_length"))


async def keep_length(request: Request, words: str, facts: Facts) -> None:
    """Fourth question: the price, first in Stars where the shop takes them."""
    read_length(words)
    shop, _ = await request.run(usable)
    facts |= {"length": words}
    if "stars" in shop.rails:
        await wait(request, "plan_stars", **facts)
        await request.send(screens.how_much(request.language, "stars"))
    else:
        await ask_site_price(request, facts)


@routes.answer("plan_stars")
async def take_stars(request: Request, **facts: Any) -> None:
    """The price in Stars; then that on the site, where the shop takes other rails."""
    with_price({}, ["stars"], "stars", request.words)
    await after_stars(request, facts | {"stars": request.words})


@routes.button("plan_skip")
async def skip(request: Request) -> None:
    """No price on this rail."""
    dialog = await request.shop.dialogs.current(request.person.telegram_id)
    if dialog is not None and dialog.step == "plan_stars":
        await after_stars(request, dict(dialog.facts))
    else:
        await make(request, await facts_of(request, "plan_site"))


async def after_stars(request: Request, facts: Facts) -> None:
    """Whether the site has a price of its own."""
    shop, _ = await request.run(usable)
    if set(shop.rails) - {"stars"}:
        await ask_site_price(request, facts)
    else:
        await make(request, facts)


async def ask_site_price(request: Request, facts: Facts) -> None:
    """The price on the site."""
    await wait(request, "plan_site", **facts)
    await request.send(screens.how_much(request.language, "site"))


@routes.answer("plan_site")
async def take_site_price(request: Request, **facts: Any) -> None:
    """The last answer."""
    with_price({}, ["manual"], "site", request.words)
    await make(request, facts | {"site": request.words})


async def make(request: Request, facts: Facts) -> None:
    """The draft, from the answers; pressed twice, the same one."""

    def work(session: Session, person: User) -> PlanView:
        shop = own_shop(session, person)
        prices: dict[str, Money] = {}
        for field in ("stars", "site"):
            if field in facts:
                prices = with_price(prices, shop.rails, field, facts[field])
        terms = change(Terms(), "length", facts["length"])
        made = create_plan(
            session,
            shop,
            title=facts["title"],
            description="",
            prices=prices,
            terms=terms,
            channel_ids=facts["channels"],
            now=request.now,
            idempotency_key=f"bot:{facts['key']}",
        )
        return plan_view(session, id_of(made))

    shown = await request.run(work)
    await request.shop.dialogs.close(request.person.telegram_id)
    await request.say("plan-made")
    await request.send(screens.plan(request.language, shown))


async def wait(request: Request, step: str, **facts: Any) -> None:
    """Wait for the next answer."""
    await request.shop.dialogs.open(request.person.telegram_id, step, **facts)


async def facts_of(request: Request, step: str) -> Facts:
    """What was answered so far. Raises `Refused` when too much time has passed."""
    dialog = await request.shop.dialogs.current(request.person.telegram_id)
    if dialog is None or dialog.step != step:
        raise Refused("plan-dialog-lost")
    return dict(dialog.facts)


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
