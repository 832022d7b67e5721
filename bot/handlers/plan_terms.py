"""The settings of a plan, one at a time: typed or pressed, checked by the rules, shown again."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.handlers.plans import own_view, usable
from bot.plan_input import change, with_price
from bot.request import Request
from bot.routes import Routes
from bot.screens import plans as screens
from core.catalogue.products import edit_product
from core.kit.errors import Refused
from core.kit.rows import id_of, must_get
from core.memberships.plans import add_code, check_terms, edit_terms, own_plan, set_channels
from core.memberships.queries import PlanView, plan_view, terms_of
from core.ports import Message
from schemas.membership import AccessCode
from schemas.people import Seller, User

routes = Routes()


@routes.button("plan_edit")
async def show_settings(request: Request, plan_id: int) -> None:
    """What can be changed."""
    await request.shop.dialogs.close(request.person.telegram_id)
    shown = await request.run(lambda session, person: own_view(session, person, plan_id))
    await request.show(screens.settings(request.language, shown))


@routes.button("plan_set")
async def ask(request: Request, plan_id: int, field: str) -> None:
    """The question for one setting."""
    if field not in screens.CHOICES:
        raise Refused("button-outdated")
    await request.run(lambda session, person: own_view(session, person, plan_id))
    if field in screens.TYPED:
        await request.shop.dialogs.open(
            request.person.telegram_id, "plan_value", plan_id=plan_id, field=field
        )
    await request.show(screens.setting(request.language, plan_id, field))


@routes.button("plan_put")
async def press(request: Request, plan_id: int, field: str, value: str) -> None:
    """A value as pressed."""
    shown = await request.run(
        lambda session, person: put(session, person, plan_id, field, value, request.now)
    )
    await request.shop.dialogs.close(request.person.telegram_id)
    await request.show(screens.settings(request.language, shown))


@routes.answer("plan_value")
async def take(request: Request, plan_id: int, field: str) -> None:
    """A value as typed; a wrong one may be corrected."""
    words = request.words
    shown = await request.run(
        lambda session, person: put(session, person, plan_id, field, words, request.now)
    )
    await request.shop.dialogs.close(request.person.telegram_id)
    await request.send(screens.settings(request.language, shown))


@routes.button("plan_rooms")
async def show_rooms(request: Request, plan_id: int) -> None:
    """Which channels the plan opens."""
    await request.show(await request.run(lambda session, person: load_rooms(session, person, plan_id)))


@routes.button("plan_room")
async def toggle_room(request: Request, plan_id: int, channel_id: int) -> None:
    """Take a channel or leave it; the last one stays."""

    def work(session: Session, person: User) -> Message:
        shown = own_view(session, person, plan_id)
        chosen = {id_of(channel) for channel in shown.channels} ^ {channel_id}
        if not chosen:
            raise Refused("no-channel")
        set_channels(session, plan_id, sorted(chosen), actor_user=person)
        return load_rooms(session, person, plan_id)

    await request.show(await request.run(work))


@routes.button("plan_codes")
async def ask_code(request: Request, plan_id: int) -> None:
    """The codes there are; the next words are one more."""
    message = await request.run(lambda session, person: load_codes(session, person, plan_id))
    await request.shop.dialogs.open(request.person.telegram_id, "plan_code", plan_id=plan_id)
    await request.show(message)


@routes.answer("plan_code")
async def take_code(request: Request, plan_id: int) -> None:
    """ "SPRING" for everybody who has it, "SPRING 50" for the first fifty."""
    word, _, uses = request.words.strip().rpartition(" ")
    limited = bool(word) and uses.isascii() and uses.isdigit() and len(uses) <= 6

    def work(session: Session, person: User) -> Message:
        add_code(
            session,
            plan_id,
            word if limited else request.words,
            uses=int(uses) if limited else None,
            expires_at=None,
            actor_user=person,
            now=request.now,
        )
        return load_codes(session, person, plan_id)

    await request.send(await request.run(work))


def put(session: Session, person: User, plan_id: int, field: str, value: str, now: datetime) -> PlanView:
    """Change one setting. Raises `Refused`, `NotAllowed`."""
    plan, product = own_plan(session, plan_id, person)
    if field not in ("title", "description", "stars", "site"):
        edit_terms(session, plan_id, change(terms_of(plan), field, value), actor_user=person, now=now)
        return plan_view(session, plan_id)
    prices = plan_view(session, plan_id).prices
    if field in ("stars", "site"):
        seller = must_get(session, Seller, product.seller_id, "shop-unknown")
        prices = with_price(prices, seller.rails, field, value)
    check_terms(terms_of(plan), prices, now)
    edit_product(
        session,
        plan_id,
        title=value if field == "title" else product.title,
        description=value if field == "description" else product.description,
        prices=prices,
        actor_user=person,
    )
    return plan_view(session, plan_id)


def load_rooms(session: Session, person: User, plan_id: int) -> Message:
    """The shop's channels, those of the plan ticked."""
    shown = own_view(session, person, plan_id)
    _, channels = usable(session, person)
    return screens.rooms(person.language, plan_id, channels, [id_of(channel) for channel in shown.channels])


def load_codes(session: Session, person: User, plan_id: int) -> Message:
    """The codes of a plan."""
    own_plan(session, plan_id, person)
    found = select(AccessCode).where(AccessCode.plan_id == plan_id).order_by(col(AccessCode.code))
    return screens.codes(person.language, plan_id, session.exec(found).all())
