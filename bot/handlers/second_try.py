"""What staff try once more: the payment events and failed jobs of an order, and events that fit none."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from bot.handlers.staff import permit, takes_no_words
from bot.request import Request
from bot.routes import Routes
from bot.screens import second_try as screens
from core.kit.db import Database
from core.kit.errors import Refused
from core.payments.event_replay import UNSETTLED, EventFilter, list_events
from core.payments.second_try import try_event_again, try_order_again

routes = Routes()
SHOWN = 8
T = TypeVar("T")


@routes.button("try_again")
async def try_order(request: Request, order_id: int) -> None:
    """Try again what failed for an order."""
    actor = permit(request.person, "replay_events")
    done = await on_thread(
        request, lambda database: try_order_again(database, order_id, actor=actor, now=request.now)
    )
    await request.send(screens.order_tried(request.language, order_id, done))


@routes.command("events", "evenements")
async def show_events(request: Request) -> None:
    """Show what providers told that fits no order or was refused, from a command."""
    permit(request.person, "replay_events")
    takes_no_words(request, "events")
    await list_unsettled(request)


@routes.button("provider_events")
async def list_unsettled(request: Request) -> None:
    """Show the latest of it, each to be tried again."""
    permit(request.person, "replay_events")
    lines = await request.run(
        lambda session, _: list_events(session, EventFilter(states=UNSETTLED), limit=SHOWN)
    )
    await request.show(screens.events(request.language, lines))


@routes.button("event_again")
async def try_event(request: Request, event_id: str) -> None:
    """Have one event applied again."""
    actor = permit(request.person, "replay_events")
    try:
        wanted_id = UUID(event_id)
    except ValueError:
        raise Refused("button-outdated") from None
    await on_thread(request, lambda database: try_event_again(database, wanted_id, actor=actor))
    await request.send(screens.event_tried(request.language))


async def on_thread(request: Request, work: Callable[[Database], T]) -> T:
    """Run what has transactions of its own."""
    database = request.app.database
    return await request.app.run(lambda _session: work(database))
