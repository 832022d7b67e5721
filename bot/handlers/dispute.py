"""A bank's dispute of a sale, as its seller and staff see it."""

from bot.request import Request
from bot.routes import Routes
from bot.screens import dispute as screens
from core.payments.dispute_answers import submit
from core.payments.dispute_views import dispute_of

routes = Routes()


@routes.button("dispute")
async def show_dispute(request: Request, dispute_id: int) -> None:
    """Show how a dispute stands, and what it moved."""
    view = await request.run(lambda session, person: dispute_of(session, person, dispute_id))
    await request.show(screens.dispute(request.language, view, request.app.settings.public_url))


@routes.button("dispute_submit")
async def ask_submission(request: Request, dispute_id: int) -> None:
    """Ask once more before the proof is handed in."""
    view = await request.run(lambda session, person: dispute_of(session, person, dispute_id))
    await request.show(screens.confirmation(request.language, view))


@routes.button("dispute_submitted")
async def submit_evidence(request: Request, dispute_id: int) -> None:
    """Hand the proof in, once."""
    now = request.now
    await request.run(lambda session, person: submit(session, person, dispute_id, now=now))
    await request.answer(request.plain("dispute-submitted"), alert=True)
    await show_dispute(request, dispute_id)
