"""The settings of a seller's plan, changed one at a time by typing or pressing a button."""

from sqlmodel import Session, col, select

from bot.handlers.plans import own_view, usable
from bot.plan_input import change
from bot.request import Request
from bot.routes import Routes
from bot.screens import plans as screens
from core.kit.errors import Refused
from core.kit.readable_rows import readable
from core.kit.rows import id_of
from core.memberships.plans import add_code, edit_terms, own_plan, set_channels, terms_of
from core.memberships.queries import PlanView, plan_view
from core.orders.publication import edit_product
from core.ports import Message
from core.uploads.moderation import text_rules
from schemas.membership import AccessCode
from schemas.people import User

routes = Routes()


@routes.button("plan_edit")
async def show_settings(request: Request, plan_id: int) -> None:
    """Show the settings of a plan."""
    await request.app.dialogs.close(request.person.telegram_id)
    plan = await request.run(lambda session, person: own_view(session, person, plan_id))
    await request.show(screens.settings(request.language, plan))


@routes.button("plan_set")
async def ask(request: Request, plan_id: int, field: str) -> None:
    """Ask for the new value of one setting."""
    if field not in screens.CHOICES:
        raise Refused("button-outdated")
    await request.run(lambda session, person: own_view(session, person, plan_id))
    if field in screens.TYPED:
        await request.app.dialogs.open(request.person.telegram_id, "plan_value", plan_id=plan_id, field=field)
    await request.show(screens.setting(request.language, plan_id, field))


@routes.button("plan_put")
async def press(request: Request, plan_id: int, field: str, value: str) -> None:
    """Change a setting to the value of a button."""
    plan = await request.run(lambda session, person: put(session, request, person, plan_id, field, value))
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(screens.settings(request.language, plan))


@routes.answer("plan_value")
async def take(request: Request, plan_id: int, field: str) -> None:
    """Change a setting to a typed value; a wrong one may be corrected."""
    words = request.words
    plan = await request.run(lambda session, person: put(session, request, person, plan_id, field, words))
    await request.app.dialogs.close(request.person.telegram_id)
    await request.send(screens.settings(request.language, plan))


@routes.button("plan_rooms")
async def show_channels(request: Request, plan_id: int) -> None:
    """Show which channels the plan opens."""
    await request.show(await request.run(lambda session, person: load_channels(session, person, plan_id)))


@routes.button("plan_room")
async def toggle_channel(request: Request, plan_id: int, channel_id: int) -> None:
    """Add a channel to the plan or take it away; the last one stays."""

    def work(session: Session, person: User) -> Message:
        plan = own_view(session, person, plan_id)
        chosen = {id_of(channel) for channel in plan.channels} ^ {channel_id}
        if not chosen:
            raise Refused("no-channel")
        set_channels(session, plan_id, sorted(chosen), actor_user=person)
        return load_channels(session, person, plan_id)

    await request.show(await request.run(work))


@routes.button("plan_codes")
async def ask_code(request: Request, plan_id: int) -> None:
    """Show the access codes of the plan; the next words become one more."""
    message = await request.run(lambda session, person: load_codes(session, person, plan_id))
    await request.app.dialogs.open(request.person.telegram_id, "plan_code", plan_id=plan_id)
    await request.show(message)


@routes.answer("plan_code")
async def take_code(request: Request, plan_id: int) -> None:
    """Add an access code: "SPRING" for everybody who has it, "SPRING 50" for the first fifty."""
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


def put(session: Session, request: Request, person: User, plan_id: int, field: str, value: str) -> PlanView:
    """Change one setting of a plan. Raises `Refused`, `NotAllowed`."""
    now, review = request.now, text_rules(request.app.settings)
    plan, product = own_plan(session, plan_id, person)
    if field not in ("title", "description"):
        edit_terms(session, plan_id, change(terms_of(plan), field, value), actor_user=person, now=now)
        return plan_view(session, plan_id)
    edit_product(
        session,
        plan_id,
        title=value if field == "title" else product.title,
        description=value if field == "description" else product.description,
        actor_user=person,
        review=review,
        now=now,
    )
    return plan_view(session, plan_id)


def load_channels(session: Session, person: User, plan_id: int) -> Message:
    """List the shop's channels, those of the plan ticked."""
    plan = own_view(session, person, plan_id)
    _, channels = usable(session, person)
    return screens.plan_channels(
        person.language, plan_id, channels, [id_of(channel) for channel in plan.channels]
    )


def load_codes(session: Session, person: User, plan_id: int) -> Message:
    """List the access codes of a plan."""
    own_plan(session, plan_id, person)
    statement = select(AccessCode).where(AccessCode.plan_id == plan_id).order_by(col(AccessCode.code))
    return screens.codes(person.language, plan_id, readable(session, statement))
