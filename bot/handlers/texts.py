"""Words of products that wait for staff: shown in full, accepted, or refused with a note."""

from bot.handlers.staff import permit
from bot.keyboards import labelled
from bot.request import Request
from bot.routes import Routes
from core.kit.texts import shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT, WORDS_LIMIT
from core.orders.text_review import WaitingText, decide_text, waiting_texts
from core.ports import Message

routes = Routes()
SHOWN = 5


async def show_waiting(request: Request) -> None:
    """Show the words that wait longest, a message each."""
    for waiting in await request.run(lambda session, _: waiting_texts(session, limit=SHOWN)):
        await request.send(question(request.language, waiting))


def question(language: str, waiting: WaitingText) -> Message:
    """The words with the two answers to them."""
    words = text(
        language,
        "staff-text-waiting",
        title=shorten(waiting.title, TITLE_LIMIT),
        words=shorten(waiting.description, WORDS_LIMIT),
    )
    ways = ("approve", "text_ok"), ("refuse", "text_no")
    return Message(
        words, [[labelled(language, label, name, waiting.product_id, waiting.mark) for label, name in ways]]
    )


@routes.button("text_ok")
async def accept(request: Request, product_id: int, mark: str) -> None:
    """Accept a product's words: it is on sale with them."""
    await decide(request, product_id, mark, approved=True)


@routes.button("text_no")
async def ask_note(request: Request, product_id: int, mark: str) -> None:
    """Ask why the words are refused, which the seller reads."""
    permit(request.person, "moderate")
    await request.app.dialogs.open(request.person.telegram_id, "text_note", product_id=product_id, mark=mark)
    await request.send(
        Message(request.text("staff-text-note"), [[labelled(request.language, "cancel", "cancel")]])
    )


@routes.answer("text_note")
async def refuse(request: Request, product_id: int, mark: str) -> None:
    """Refuse the words; the product stays off every list until its seller changes them."""
    await decide(request, product_id, mark, approved=False)
    await request.app.dialogs.close(request.person.telegram_id)


async def decide(request: Request, product_id: int, mark: str, *, approved: bool) -> None:
    """Decide on a product's words; the seller is notified."""
    actor, note = permit(request.person, "moderate"), request.words
    product = await request.run(
        lambda session, _: decide_text(session, product_id, mark, approved=approved, note=note, actor=actor)
    )
    await request.say("staff-text-accepted" if approved else "staff-text-refused", title=product.title)
