"""Questions to support, as people ask them: about an order or none."""

from bot.keyboards import button, labelled
from bot.request import Request
from bot.routes import Routes
from core.kit.rows import id_of
from core.kit.texts import shorten
from core.orders.receipts import orders_of
from core.people import support
from core.ports import Message
from schemas.support import About

routes = Routes()
NO_ORDER = 0
ORDERS_SHOWN = 5
ABOUT: dict[str, About] = {"support": "support", "payment": "payment"}


@routes.command("support")
async def open_support(request: Request) -> None:
    """Begin a question to support."""
    await choose_order(request, "support")


@routes.command("paysupport")
async def open_payment_support(request: Request) -> None:
    """Begin a question about a payment.

    Telegram requires this command (telegram.org/tos/bot-developers 6.2.1).
    """
    await choose_order(request, "payment")


@routes.button("support_menu")
async def support_menu(request: Request) -> None:
    """Begin a question to support, from a button (A20)."""
    await choose_order(request, "support")


async def choose_order(request: Request, about: str) -> None:
    """Ask which order the question is about; who has bought nothing is asked for words at once."""
    page = await request.run(lambda session, person: orders_of(session, id_of(person), page=1))
    if not page.items:
        await ask_for_words(request, about, NO_ORDER)
        return
    rows = [
        [button(f"{line.number} · {shorten(line.title, 40)}", "ask", about, line.id)]
        for line in page.items[:ORDERS_SHOWN]
    ]
    rows.append([labelled(request.language, "no-order", "ask", about, NO_ORDER)])
    await request.send(Message(request.text(f"support-which-{about}"), rows))


@routes.button("ask")
async def ask_for_words(request: Request, about: str, order_id: int) -> None:
    """Ask for the words of the question."""
    about = ABOUT.get(about, "support")
    await request.app.dialogs.open(
        request.person.telegram_id, "support_words", about=about, order_id=order_id
    )
    rows = [[labelled(request.language, "cancel", "cancel")]]
    await request.send(Message(request.text("support-words"), rows))


@routes.answer("support_words")
async def keep_words(request: Request, about: str, order_id: int) -> None:
    """Keep the person's question, and say whether anybody is there to read it."""
    receipt = await request.run(
        lambda session, person: support.ask(
            session,
            person,
            request.words,
            about=ABOUT.get(about, "support"),
            order_id=order_id or None,
            key=f"bot:{person.telegram_id}:{request.message_id}",
            now=request.now,
        )
    )
    await request.app.dialogs.close(request.person.telegram_id)
    staff = "here" if receipt.reachable else "away"
    await request.say("support-kept", number=str(receipt.question_id), staff=staff)


@routes.button("cancel")
async def cancel(request: Request) -> None:
    """Forget the question that is open."""
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(Message(request.text("cancelled")))
