"""Memberships for those who buy them: the card of a plan, trials, /status, /renew, /cancel."""

from collections.abc import Callable

from sqlmodel import Session

from bot.guesses import Stopped, try_secret
from bot.handlers import support
from bot.handlers.purchase import buy
from bot.request import Request
from bot.routes import Routes
from bot.screens import members as screens
from core.kit.rows import id_of
from core.memberships import member_actions, plan_changes
from core.memberships.offers import PlanOffer, offer_of
from core.memberships.plan_changes import Target
from core.memberships.plans import give_code
from core.memberships.queries import Card, card, memberships_of
from core.people.guesses import Secret
from schemas.card_jobs import ChangePlan
from schemas.membership import MembershipState
from schemas.people import User

routes = Routes()


@routes.command("status", "statut", "abonnements")
async def show_status(request: Request) -> None:
    """Show the person's one membership, or the list of all (C19), from a command."""
    await show_memberships(request)


@routes.button("memberships")
async def show_memberships(request: Request) -> None:
    """Show the person's one membership, or the list of all, from a button."""
    cards = await cards_of(request)
    if len(cards) == 1:
        await request.show(screens.membership(request.language, cards[0]))
    else:
        await request.show(screens.memberships(request.language, cards))


@routes.button("member")
async def show_membership(request: Request, membership_id: int) -> None:
    """Show one membership of the person's."""
    membership_card = await request.run(
        lambda session, person: card(session, id_of(person), membership_id, now=request.now)
    )
    await request.show(screens.membership(request.language, membership_card))


@routes.button("plan")
async def show_plan(request: Request, plan_id: int) -> None:
    """Show the card of a plan, in a new message: what led to it stays where it was."""
    offer = await request.run(lambda session, person: offer_here(session, request, person, plan_id))
    await request.send(screens.plan_card(request.language, offer, bot_username=request.app.bot_username))


@routes.button("trial")
async def begin_trial(request: Request, plan_id: int) -> None:
    """Begin the free trial; the way in follows by its job."""
    await request.run(
        lambda session, person: member_actions.start_trial(session, person, plan_id, now=request.now)
    )
    await request.answer(request.plain("trial-begun"))


@routes.button("enter")
async def send_way_in(request: Request, membership_id: int) -> None:
    """Send the links into the channels again, as often as asked (P8)."""
    await request.run(
        lambda session, person: member_actions.reissue(session, person, membership_id, now=request.now)
    )
    await request.answer(request.plain("way-in-coming"))


@routes.button("card_portal")
async def send_portal(request: Request, membership_id: int) -> None:
    """Send the address of Stripe's page of the person's cards and invoices."""
    await request.run(lambda session, person: member_actions.ask_portal(session, person, membership_id))
    await request.answer(request.plain("card-portal-coming"))


@routes.button("plan_change")
async def choose_plan(request: Request, membership_id: int) -> None:
    """Show the plans that a membership by card may be changed to."""

    def work(session: Session, person: User) -> list[Target]:
        membership = member_actions.own_membership(session, person, membership_id)
        return plan_changes.targets(session, membership, now=request.now)

    found = await request.run(work)
    await request.send(screens.plan_targets(request.language, membership_id, found))


@routes.button("plan_preview")
async def preview_plan(request: Request, membership_id: int, plan_id: int) -> None:
    """Have what the change costs asked and sent."""
    await request.run(
        lambda session, person: plan_changes.ask_preview(
            session, person, membership_id, plan_id, now=request.now
        )
    )
    await request.answer(request.plain("plan-preview-coming"))


@routes.button("plan_agree")
async def agree(request: Request, membership_id: int, plan_id: int, prorated_at: int, due: int) -> None:
    """Change the plan for what was shown."""
    taken = ChangePlan(membership_id=membership_id, plan_id=plan_id, prorated_at=prorated_at, due=due)
    await request.run(
        lambda session, person: plan_changes.ask_change(session, person, taken, now=request.now)
    )
    await request.answer(request.plain("plan-change-coming"))


@routes.command("renew", "renouveler")
async def choose_renewal(request: Request) -> None:
    """Choose a membership to renew; where there is only one, show its ways to pay at once."""
    cards = [each for each in await cards_of(request) if each.can_renew]
    if len(cards) == 1:
        await renew(request, cards[0].membership_id)
    else:
        await request.send(screens.to_renew(request.language, cards))


@routes.button("renew")
async def renew(request: Request, membership_id: int) -> None:
    """Show the ways to pay for more time; where Stars are the only one, send their invoice."""

    def work(session: Session, person: User) -> PlanOffer:
        membership_card = card(session, id_of(person), membership_id, now=request.now)
        return offer_here(session, request, person, membership_card.plan_id)

    offer = await request.run(work)
    if offer.rails == ("stars",) and not offer.plan.terms.recurring:
        await buy(request, offer.plan.product_id)
    else:
        await request.send(screens.renewal(request.language, offer))


@routes.command("cancel", "annuler", "resilier")
async def choose_cancellation(request: Request) -> None:
    """Forget the question that was open; where none was, choose a membership to cancel."""
    if request.interrupted:
        await support.cancel(request)
        return
    cards = [each for each in await cards_of(request) if each.can_cancel]
    if cards:
        await request.send(screens.to_cancel(request.language, cards))
    else:
        await request.say("cancel-none")


@routes.button("unsubscribe")
async def unsubscribe(request: Request, membership_id: int) -> None:
    """Cancel a membership: it runs out with what was paid; the notice that follows carries the way back."""
    await act(request, membership_id, member_actions.cancel, "cancelled", "cancel")


@routes.button("keep")
async def keep(request: Request, membership_id: int) -> None:
    """Take the cancellation of a membership back."""
    await act(request, membership_id, member_actions.undo_cancel, "active", "keep")


@routes.button("pause")
async def pause(request: Request, membership_id: int) -> None:
    """Pause a membership; the days that are left are kept."""
    await act(request, membership_id, member_actions.pause, "paused", "pause")


@routes.button("resume")
async def resume(request: Request, membership_id: int) -> None:
    """Resume a paused membership with the days that were left."""
    await act(request, membership_id, member_actions.resume, "active", "resume")


@routes.button("code")
async def ask_code(request: Request, plan_id: int) -> None:
    """Ask for the access code of a plan that is shown to the person."""
    await request.run(lambda session, person: offer_here(session, request, person, plan_id))
    await request.app.dialogs.open(request.person.telegram_id, "access_code", plan_id=plan_id)
    await request.send(screens.code_question(request.language))


@routes.answer("access_code")
async def take_code(request: Request, plan_id: int) -> None:
    """Take an access code and show the plan, now with its price; a wrong one may be corrected."""
    words = request.words
    try:
        await try_secret(
            request,
            Secret("code", plan_id),
            lambda: request.run(
                lambda session, person: give_code(session, person, plan_id, words, now=request.now)
            ),
        )
    except Stopped:
        return
    await request.app.dialogs.close(request.person.telegram_id)
    await show_plan(request, plan_id)


async def cards_of(request: Request) -> list[Card]:
    """All memberships of the person."""
    return await request.run(lambda session, person: memberships_of(session, id_of(person), now=request.now))


async def act(
    request: Request, membership_id: int, rule: Callable[..., object], target: MembershipState, name: str
) -> None:
    """Do something with the person's own membership, say so, and show how it stands now.

    Where it is not in the `target` state yet, Telegram or Stripe was asked first, and the membership follows.
    """

    def work(session: Session, person: User) -> Card:
        rule(session, person, membership_id, now=request.now)
        return card(session, id_of(person), membership_id, now=request.now)

    changed = await request.run(work)
    done = "taken" if changed.state == target else "asked"
    await request.answer(request.plain(f"{name}-{done}"))
    await request.show(screens.membership(request.language, changed))


def offer_here(session: Session, request: Request, person: User, plan_id: int) -> PlanOffer:
    """What the person may do with a plan in the chat, and by which rails."""
    app = request.app
    return offer_of(
        session, person, plan_id, place="chat", policy=app.policy, settings=app.settings, now=request.now
    )
