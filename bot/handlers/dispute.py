"""A bank's dispute of a sale, as its seller and staff see it."""

from bot.request import Request
from bot.routes import Routes
from bot.screens import dispute as screens
from core.payments.dispute_views import dispute_of

routes = Routes()


@routes.button("dispute")
async def show_dispute(request: Request, dispute_id: int) -> None:
    """Show how a dispute stands, and what it moved."""
    view = await request.run(lambda session, person: dispute_of(session, person, dispute_id))
    await request.show(screens.dispute(request.language, view))
