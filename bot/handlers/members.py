"""Memberships for those who hold them: plans, trials, /status, /renew, /cancel, the buttons of notices."""

from collections.abc import Callable

from sqlmodel import Session

from bot.handlers import support
from bot.handlers.purchase import buy
from bot.request import Request
from bot.routes import Routes
from bot.screens import members as screens
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.offers import PlanOffer, note_offers, offer_of
from core.memberships.plans import give_code
from core.memberships.queries import Card, card, memberships_of
from schemas.people import User

routes = Routes()


@routes.command("status", "statut", "abonnements")
async def show_status(request: Request) -> None:
    """Where the person stands: the one membership, or all (C19)."""
    await show_memberships(request)


@routes.button("memberships")
async def show_memberships(request: Request) -> None:
    """The same, from a button."""
    cards = await held(request)
    if len(cards) == 1:
        await request.show(screens.membership(request.language, cards[0]))
    else:
        await request.show(screens.memberships(request.language, cards))


@routes.button("member")
async def show_membership(request: Request, membership_id: int) -> None:
    """One membership."""
    shown = await request.run(
        lambda session, person: card(session, id_of(person), membership_id, now=request.now)
    )
    await request.show(screens.membership(request.language, shown))


@routes.button("plan")
async def show_plan(request: Request, plan_id: int) -> None:
    """The card of a plan, in a new message: what led to it stays where it was."""

    def work(session: Session, person: User) -> PlanOffer:
        offer = offer_here(session, request, person, plan_id)
        note_offers(session, person, offer)
        return offer

    offer = await request.run(work)
    shop = request.shop
    await request.send(
        screens.plan_card(
            request.language, offer, bot_username=shop.bot_username, public_url=shop.settings.public_url
        )
    )


@routes.button("trial")
async def begin_trial(request: Request, plan_id: int) -> None:
    """Begin the free trial; the way in follows by its job."""
    await request.run(
        lambda session, person: member_actions.start_trial(session, person, plan_id, now=request.now)
    )
    await request.answer(request.plain("trial-begun"))


@routes.button("enter")
async def send_way_in(request: Request, membership_id: int) -> None:
    """The links again, as often as asked (decision 8)."""
    await request.run(
        lambda session, person: member_actions.reissue(session, person, membership_id, now=request.now)
    )
    await request.answer(request.plain("way-in-coming"))


@routes.command("renew", "renouveler")
async def choose_renewal(request: Request) -> None:
    """More time for a membership; where there is only one, its ways to pay at once."""
    cards = [shown for shown in await held(request) if shown.can_renew]
    if len(cards) == 1:
        await renew(request, cards[0].membership_id)
    else:
        await request.send(screens.to_renew(request.language, cards))


@routes.button("renew")
async def renew(request: Request, membership_id: int) -> None:
    """The ways to pay; where Stars are the only one, their invoice."""

    def work(session: Session, person: User) -> PlanOffer:
        shown = card(session, id_of(person), membership_id, now=request.now)
        offer = offer_here(session, request, person, shown.plan_id)
        note_offers(session, person, offer)
        return offer

    offer = await request.run(work)
    if offer.rails == ["stars"] and not offer.plan.terms.recurring:
        await buy(request, offer.plan.product_id)
    else:
        await request.send(screens.renewal(request.language, offer, request.shop.settings.public_url))


@routes.command("cancel", "annuler", "resilier")
async def choose_cancellation(request: Request) -> None:
    """Forget the question that was open; where none was, the memberships that can be cancelled."""
    if request.interrupted:
        await support.cancel(request)
        return
    cards = [shown for shown in await held(request) if shown.can_cancel]
    if cards:
        await request.send(screens.to_cancel(request.language, cards))
    else:
        await request.say("cancel-none")


@routes.button("unsubscribe")
async def unsubscribe(request: Request, membership_id: int) -> None:
    """To the end of what was paid and no further; the notice that follows carries the way back."""
    await act(request, membership_id, member_actions.cancel, "cancelled", "cancel")


@routes.button("keep")
async def keep(request: Request, membership_id: int) -> None:
    """Take a cancellation back."""
    await act(request, membership_id, member_actions.undo_cancel, "active", "keep")


@routes.button("pause")
async def pause(request: Request, membership_id: int) -> None:
    """Leave for a while with the days that are left."""
    await act(request, membership_id, member_actions.pause, "paused", "pause")


@routes.button("resume")
async def resume(request: Request, membership_id: int) -> None:
    """Come back for them."""
    await act(request, membership_id, member_actions.resume, "active", "resume")


@routes.button("code")
async def ask_code(request: Request, plan_id: int) -> None:
    """Wait for the code of a plan that asks for one."""
    await request.shop.dialogs.open(request.person.telegram_id, "access_code", plan_id=plan_id)
    await request.send(screens.code_question(request.language))


@routes.answer("access_code")
async def take_code(request: Request, plan_id: int) -> None:
    """Take it and show the plan, now with its price; a wrong one may be corrected."""
    words = request.words
    await request.run(lambda session, person: give_code(session, person, plan_id, words, now=request.now))
    await request.shop.dialogs.close(request.person.telegram_id)
    await show_plan(request, plan_id)


async def held(request: Request) -> list[Card]:
    """The person's memberships."""
    return await request.run(lambda session, person: memberships_of(session, id_of(person), now=request.now))


async def act(
    request: Request, membership_id: int, rule: Callable[..., object], wanted: str, name: str
) -> None:
    """Do something with the person's own membership, say so, and show how it stands now.

    Where it is not in the `wanted` state yet, Telegram was asked first, and the membership follows.
    """

    def work(session: Session, person: User) -> Card:
        rule(session, person, membership_id, now=request.now)
        return card(session, id_of(person), membership_id, now=request.now)

    shown = await request.run(work)
    done = "taken" if shown.state == wanted else "asked"
    await request.answer(request.plain(f"{name}-{done}"))
    await request.show(screens.membership(request.language, shown))


def offer_here(session: Session, request: Request, person: User, plan_id: int) -> PlanOffer:
    """A plan as the person may take it in the bot."""
    return offer_of(session, person, plan_id, policy=request.shop.policy, entry="bot", now=request.now)
