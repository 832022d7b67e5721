"""Files in the bot: those that sellers send become products, and staff approve or refuse uploads."""

from uuid import UUID

from sqlmodel import Session

from bot.handlers.staff import permit, takes_no_words
from bot.handlers.texts import show_waiting as show_texts
from bot.request import Request
from bot.routes import Routes
from bot.screens import uploads as screens
from core.catalogue.catalogue import ProductView, view
from core.catalogue.products import set_rail_prices
from core.kit.errors import Refused
from core.kit.money import parse_money
from core.kit.rows import id_of, must_get
from core.people.sellers import shop_of
from core.ports import Message
from core.uploads.moderation import decide_upload, waiting_uploads
from core.uploads.opening import own_product, rules_of
from core.uploads.telegram_files import take_sent_file
from schemas.people import User
from schemas.uploads import Upload

routes = Routes()


async def take_file(request: Request) -> None:
    """Make a draft product of a file that a seller sent; a worker streams it into the store."""
    file = request.file
    assert file is not None, "the router calls this for files only"
    rules = rules_of(request.app.settings)
    upload, product = await request.run(
        lambda session, person: take_sent_file(
            session,
            person,
            shop_of(session, id_of(person)),
            file,
            caption=request.words,
            message_id=request.message_id,
            rules=rules,
            now=request.now,
        )
    )
    await request.say("telegram-file-taken", name=upload.name, size=upload.size, title=product.title)


@routes.button("continue")
async def go_on(request: Request, product_id: int) -> None:
    """Show what a draft still lacks: its price, then its place in the catalogue (A66)."""
    product = await request.run(lambda session, person: own(session, person, product_id))
    if not product.prices:
        await request.app.dialogs.open(request.person.telegram_id, "product_price", product_id=product_id)
    await request.send(screens.next_step(request.language, product))


@routes.answer("product_price")
async def take_price(request: Request, product_id: int) -> None:
    """Take the price in Stars, which works inside Telegram; others are set in the Mini App."""
    price = parse_money(request.words, "XTR", request.language)

    def work(session: Session, person: User) -> ProductView:
        own_product(session, person, product_id)
        set_rail_prices(session, product_id, "stars", [price])
        return own(session, person, product_id)

    product = await request.run(work)
    await request.app.dialogs.close(request.person.telegram_id)
    await request.send(screens.next_step(request.language, product))


@routes.command("moderation")
async def waiting(request: Request) -> None:
    """Show the files that wait for staff, from a command."""
    permit(request.person, "moderate")
    takes_no_words(request, "moderation")
    await list_waiting(request, 1)
    await show_texts(request)


@routes.button("moderation")
async def list_waiting(request: Request, page: int) -> None:
    """Show one page of the files that wait for staff."""
    permit(request.person, "moderate")
    waiting = await request.run(lambda session, _: waiting_uploads(session, page=page))
    await request.show(screens.waiting(request.language, waiting))


@routes.button("mod_ok")
async def approve(request: Request, upload: str) -> None:
    """Approve a file: it may be sold."""
    await decide(request, upload, approved=True, note="")


@routes.button("mod_no")
async def ask_note(request: Request, upload: str) -> None:
    """Ask for the reason of a refusal, which the seller reads."""
    permit(request.person, "moderate")
    row = await request.run(lambda session, _: must_get(session, Upload, identity(upload), "upload-unknown"))
    if row.state != "moderation":
        raise Refused("upload-not-waiting", {"name": row.name})
    await request.app.dialogs.open(request.person.telegram_id, "upload_note", upload=str(row.id))
    await request.send(screens.note_question(request.language))


@routes.answer("upload_note")
async def refuse(request: Request, upload: str) -> None:
    """Refuse a file."""
    await decide(request, upload, approved=False, note=request.words)
    await request.app.dialogs.close(request.person.telegram_id)


async def decide(request: Request, upload: str, *, approved: bool, note: str) -> None:
    """Decide on a file; the seller is notified."""
    actor, rules = permit(request.person, "moderate"), rules_of(request.app.settings)
    row = await request.run(
        lambda session, _: decide_upload(
            session,
            identity(upload),
            approved=approved,
            note=note,
            actor=actor,
            rules=rules,
            now=request.now,
        )
    )
    words = "staff-upload-approved" if approved else "staff-upload-refused"
    await request.send(Message(request.text(words, name=row.name)))


def own(session: Session, person: User, product_id: int) -> ProductView:
    """Load a product of the person's shop. Raises `Refused` for anybody else's."""
    own_product(session, person, product_id)
    return view(session, product_id=product_id, viewer=person)


def identity(text: str) -> UUID:
    """Read the id in a button's data. Raises `Refused`: clients may send any bytes."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused("button-outdated") from None
