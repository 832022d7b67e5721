"""What follows an upload: files sent to the bot, going on with a product, and staff's look at files."""

from uuid import UUID

from sqlmodel import Session

from bot.handlers.staff import permit
from bot.request import Request
from bot.routes import Routes
from bot.screens import uploads as screens
from core.catalogue.catalogue import ProductView, view
from core.catalogue.products import set_price
from core.kit.errors import Refused
from core.kit.money import parse_money
from core.ports import Message
from core.uploads.moderation import decide_upload, waiting_uploads
from core.uploads.opening import own_product, rules_of
from core.uploads.telegram_files import take_sent_file
from schemas.people import User

routes = Routes()


async def take_file(request: Request) -> None:
    """A file in a message becomes a draft; a worker streams it into the store."""
    file = request.file
    assert file is not None, "the router calls this for files only"
    rules = rules_of(request.shop.settings)
    told = {"caption": request.words, "message_id": request.message_id, "rules": rules}
    upload, product = await request.run(
        lambda session, person: take_sent_file(session, person, file, now=request.now, **told)  # type: ignore[arg-type]
    )
    await request.say("telegram-file-taken", name=upload.name, size=upload.size, title=product.title)


@routes.button("continue")
async def go_on(request: Request, product_id: int) -> None:
    """What a product still lacks: its price, then its place in the catalogue (A66)."""
    item = await request.run(lambda session, person: own(session, person, product_id))
    if not item.prices:
        await request.shop.dialogs.open(request.person.telegram_id, "product_price", product_id=product_id)
    await request.send(screens.next_step(request.language, item))


@routes.answer("product_price")
async def take_price(request: Request, product_id: int) -> None:
    """Stars are the price that works inside Telegram; others are set in the app."""
    price = parse_money(request.words, "XTR")

    def work(session: Session, person: User) -> ProductView:
        own_product(session, person, product_id)
        set_price(session, product_id, rail="stars", price=price)
        return own(session, person, product_id)

    item = await request.run(work)
    await request.shop.dialogs.close(request.person.telegram_id)
    await request.send(screens.next_step(request.language, item))


@routes.command("moderation")
async def waiting(request: Request) -> None:
    """Files that wait for staff."""
    await list_waiting(request, 1)


@routes.button("moderation")
async def list_waiting(request: Request, page: int) -> None:
    """One page of them."""
    permit(request.person, "moderate")
    found = await request.run(lambda session, _: waiting_uploads(session, page=page))
    await request.show(screens.waiting(request.language, found))


@routes.button("mod_ok")
async def approve(request: Request, upload: str) -> None:
    """Let the file be sold."""
    await decide(request, upload, approved=True, note="")


@routes.button("mod_no")
async def ask_note(request: Request, upload: str) -> None:
    """A refusal needs a reason, which the seller reads."""
    permit(request.person, "moderate")
    await request.shop.dialogs.open(request.person.telegram_id, "upload_note", upload=str(identity(upload)))
    await request.send(screens.note_question(request.language))


@routes.answer("upload_note")
async def refuse(request: Request, upload: str) -> None:
    """Do not take the file."""
    await decide(request, upload, approved=False, note=request.words)
    await request.shop.dialogs.close(request.person.telegram_id)


async def decide(request: Request, upload: str, *, approved: bool, note: str) -> None:
    """Take the decision; the seller is told by the rule."""
    actor, rules = permit(request.person, "moderate"), rules_of(request.shop.settings)
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
    """A product of the person's shop. Raises `Refused` for anybody else's."""
    own_product(session, person, product_id)
    return view(session, product_id=product_id, viewer=person)


def identity(text: str) -> UUID:
    """The id in a button's data. Raises `Refused`: clients may send any bytes."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused("button-outdated") from None
