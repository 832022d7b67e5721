"""Sellers' members: the list of a plan, importing those of before, and the figures of the shop."""

from datetime import datetime, timedelta
from io import BytesIO

from sqlmodel import Session

from bot.handlers.plans import own_view
from bot.handlers.sell import own_shop
from bot.request import Request
from bot.routes import Routes
from bot.screens import plan_members as screens
from core.kit.errors import Refused
from core.kit.rows import id_of
from core.memberships.imports import Reading, begin_import
from core.memberships.plans import own_plan
from core.memberships.seller_figures import churn_by_month, members_by_state, revenue_by_month
from core.memberships.shop_members import members_of_shop
from core.ports import Message
from schemas.people import User

FILE_LIMIT = 500_000  # bytes; 5,000 lines of a hundred
MONTHS = 6

routes = Routes()


@routes.button("plan_members")
async def show_members(request: Request, page: int, plan_id: int) -> None:
    """Show the members of a plan."""

    def work(session: Session, person: User) -> Message:
        _, product = own_plan(session, plan_id, person)
        members = members_of_shop(session, product.seller_id, page=page, plan_id=plan_id)
        return screens.members(person.language, own_view(session, person, plan_id), members)

    await request.show(await request.run(work))


@routes.button("import")
async def ask_import(request: Request, plan_id: int) -> None:
    """Ask for the file of members to import, or for its lines."""
    await request.run(lambda session, person: own_view(session, person, plan_id))
    await request.app.dialogs.open(request.person.telegram_id, "members_csv", plan_id=plan_id)
    await request.show(screens.import_question(request.language, plan_id))


@routes.answer("members_csv")
async def take_lines(request: Request, plan_id: int) -> None:
    """Import members from the lines of a message."""
    await import_lines(request, plan_id, request.words)


@routes.file("members_csv")
async def take_csv(request: Request, plan_id: int) -> None:
    """Import members from a CSV file: fetched here, small as it is, so that faults are answered at once."""
    file = request.file
    assert file is not None, "the router calls this for files only"
    if file.size > FILE_LIMIT:
        raise Refused("import-file-too-large", {"limit": FILE_LIMIT})
    content = await request.client.download_media(file.file_id, in_memory=True)
    if not isinstance(content, BytesIO):
        raise Refused("import-not-text")
    try:
        words = content.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("import-not-text") from None
    await import_lines(request, plan_id, words)


@routes.button("figures")
async def show_figures(request: Request) -> None:
    """Show the shop's members, revenue and churn of half a year."""

    def work(session: Session, person: User) -> Message:
        shop_id, since = id_of(own_shop(session, person)), _months_ago(request.now, MONTHS - 1)
        return screens.figures(
            person.language,
            members_by_state(session, shop_id),
            revenue_by_month(session, shop_id, since=since, until=request.now),
            churn_by_month(session, shop_id, since=since, until=request.now),
        )

    await request.show(await request.run(work))


async def import_lines(request: Request, plan_id: int, words: str) -> None:
    """Have a job import the members, and answer which of the lines are wrong."""
    message = f"bot:{request.person.telegram_id}:{request.message_id}"

    def work(session: Session, person: User) -> Reading:
        return begin_import(
            session, plan_id, words, actor_user=person, now=request.now, idempotency_key=message
        )

    reading = await request.run(work)
    await request.app.dialogs.close(request.person.telegram_id)
    await request.send(screens.import_begun(request.language, plan_id, reading))


def _months_ago(now: datetime, count: int) -> datetime:
    """The first moment of the month that many months back."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
