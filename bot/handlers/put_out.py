"""Putting members out and letting them in again: sellers those of their own channels, staff anybody."""

from sqlmodel import Session

from bot.callbacks import fit
from bot.handlers.sell import own_shop
from bot.request import Request
from bot.routes import Routes
from bot.screens import put_out as screens
from core.kit.errors import Refused
from core.kit.permissions import allowed
from core.kit.rows import id_of
from core.memberships import putting_out
from core.memberships.putting_out import REASONS
from core.memberships.shop_members import MemberLine, members_of_shop
from core.ports import Message
from schemas.membership import PutOutReason
from schemas.people import User

FIRST_PAGES = 1000  # a page number as long as any that is likely

routes = Routes()


@routes.command("members", "membres")
async def find_members(request: Request) -> None:
    """Search members by name or Telegram id: sellers in their own shop, staff in all."""
    if not allowed(request.person.roles, "revoke_access"):
        await request.run(own_shop)
    words = fit(request.words, "members", FIRST_PAGES)
    if words:
        await list_members(request, 1, words)
    else:
        await request.send(screens.question(request.language))


@routes.button("members")
async def list_members(request: Request, page: int, words: str = "") -> None:
    """Show one page of the members that match."""

    def work(session: Session, person: User) -> Message:
        everywhere = allowed(person.roles, "revoke_access")
        shop_id = None if everywhere else id_of(own_shop(session, person))
        members = members_of_shop(session, shop_id, words, page=page)
        return screens.matches(person.language, members, words)

    await request.show(await request.run(work))


@routes.button("plan_member")
async def show_member(request: Request, membership_id: int) -> None:
    """Show one member, and what may be done."""
    await request.app.dialogs.close(request.person.telegram_id)
    await request.show(screens.member(request.language, await line_of(request, membership_id)))


@routes.button("put_out")
async def ask_reason(request: Request, membership_id: int) -> None:
    """Ask why somebody is to be put out."""
    await request.show(screens.reasons(request.language, await line_of(request, membership_id)))


@routes.button("put_out_for")
async def ask_confirmation(request: Request, membership_id: int, why: str) -> None:
    """Ask once more, with the reason."""
    line = await line_of(request, membership_id)
    await request.show(screens.confirm(request.language, line, known_reason(why)))


@routes.button("put_out_words")
async def ask_words(request: Request, membership_id: int, why: str) -> None:
    """Ask for words that the person is to read beside the reason."""
    line = await line_of(request, membership_id)
    reason = known_reason(why)
    await request.app.dialogs.open(
        request.person.telegram_id, "put_out_words", membership_id=membership_id, why=reason
    )
    await request.show(screens.words_question(request.language, line, reason))


@routes.answer("put_out_words")
async def put_out_with_words(request: Request, membership_id: int, why: str) -> None:
    """Put somebody out, with words of the seller's or staff's own."""
    await put_out(request, membership_id, known_reason(why), request.words)
    await request.app.dialogs.close(request.person.telegram_id)


@routes.button("put_out_now")
async def put_out_now(request: Request, membership_id: int, why: str) -> None:
    """Put somebody out, without further words."""
    await put_out(request, membership_id, known_reason(why), "")


@routes.button("let_in")
async def let_in(request: Request, membership_id: int) -> None:
    """Let somebody in again who was put out."""
    await request.run(
        lambda session, person: putting_out.let_in(session, membership_id, actor=person, now=request.now)
    )
    await request.answer(request.plain("let-in-done"))
    await show_member(request, membership_id)


async def put_out(request: Request, membership_id: int, reason: PutOutReason, words: str) -> None:
    """Put the holder of a membership out of its shop, and say so."""
    ended = await request.run(
        lambda session, person: putting_out.put_out(
            session, membership_id, reason=reason, words=words, actor=person, now=request.now
        )
    )
    await request.say("put-out-done", count=ended)


async def line_of(request: Request, membership_id: int) -> MemberLine:
    """One member. Raises `NotFound` for whoever may not act on them."""
    return await request.run(
        lambda session, person: putting_out.line_of(session, membership_id, actor=person)
    )


def known_reason(why: str) -> PutOutReason:
    """A reason as a button carries it. Raises `Refused` for one that is made up."""
    reason = next((reason for reason in REASONS if reason == why), None)
    if reason is None:
        raise Refused("button-outdated")
    return reason
