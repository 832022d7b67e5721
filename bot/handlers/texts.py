"""What sellers write, as it waits for staff: shown in full, accepted, or refused with a note."""

from typing import get_args

from bot.handlers.staff import permit
from bot.keyboards import labelled
from bot.request import Request
from bot.routes import Routes
from core.kit.errors import Refused
from core.kit.names import one_of
from core.kit.texts import shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT, WORDS_LIMIT
from core.orders.text_decisions import decide_text, waiting_texts
from core.orders.text_review import TextKind, WaitingText
from core.ports import Message

routes = Routes()
SHOWN = 5
QUESTIONS: dict[TextKind, str] = {
    "product": "staff-text-waiting",
    "about": "staff-about-waiting",
    "channel": "staff-channel-title-waiting",
}


async def show_waiting(request: Request) -> None:
    """Show the words that wait longest, a message each."""
    for waiting in await request.run(lambda session, _: waiting_texts(session, limit=SHOWN)):
        await request.send(question(request.language, waiting))


def question(language: str, waiting: WaitingText) -> Message:
    """The words with the two answers to them."""
    words = text(
        language,
        QUESTIONS[waiting.kind],
        title=shorten(waiting.title, TITLE_LIMIT),
        words=shorten(waiting.words, WORDS_LIMIT),
        seller=waiting.seller,
    )
    about = waiting.id, waiting.mark, waiting.kind
    ways = ("approve", "text_ok"), ("refuse", "text_no")
    return Message(words, [[labelled(language, label, name, *about) for label, name in ways]])


@routes.button("text_ok")
async def accept(request: Request, row_id: int, mark: str, kind: str = "product") -> None:
    """Accept these words: buyers read them from now on."""
    await decide(request, row_id, mark, kind, approved=True)


@routes.button("text_no")
async def ask_note(request: Request, row_id: int, mark: str, kind: str = "product") -> None:
    """Ask why the words are refused, which the seller reads."""
    permit(request.person, "moderate")
    dialogs = request.app.dialogs
    await dialogs.open(request.person.telegram_id, "text_note", row_id=row_id, mark=mark, kind=kind)
    await request.send(
        Message(request.text("staff-text-note"), [[labelled(request.language, "cancel", "cancel")]])
    )


@routes.answer("text_note")
async def refuse(request: Request, row_id: int, mark: str, kind: str) -> None:
    """Refuse the words: buyers do not read them, and a product stays off every list until they change."""
    await decide(request, row_id, mark, kind, approved=False)
    await request.app.dialogs.close(request.person.telegram_id)


async def decide(request: Request, row_id: int, mark: str, kind: str, *, approved: bool) -> None:
    """Decide on a seller's words; the seller is notified."""
    actor, note = permit(request.person, "moderate"), request.words
    known = one_of(kind, get_args(TextKind), Refused("button-outdated"))
    title = await request.run(
        lambda session, _: decide_text(
            session, known, row_id, mark, approved=approved, note=note, actor=actor
        )
    )
    await request.say("staff-text-accepted" if approved else "staff-text-refused", title=title)
