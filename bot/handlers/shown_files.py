"""What is shown of a file before it is bought: its automatic preview, a sample of its seller, or nothing."""

from bot.handlers.uploads import identity
from bot.request import Request
from bot.routes import Routes
from bot.screens import shown_files as screens
from core.catalogue.preview_choice import choose_preview, own_asset
from core.uploads.opening import rules_of
from core.uploads.telegram_files import take_sent_sample
from schemas.preview import Choice

routes = Routes()


@routes.button("shown_of_file")
async def ask_choice(request: Request, asset: str) -> None:
    """Show what a seller may choose for a file."""
    file = await request.run(lambda session, person: own_asset(session, person, identity(asset)))
    await request.show(screens.choice(request.language, file))


@routes.button("show_of_file")
async def choose_shown(request: Request, asset: str, choice: str) -> None:
    """Show of a file what its seller chose: a share of it, or nothing."""
    chosen: Choice = "none" if choice == "none" else "automatic"
    file = await request.run(lambda session, person: choose_preview(session, person, identity(asset), chosen))
    await request.show(screens.choice(request.language, file))


@routes.button("sample_of_file")
async def ask_sample(request: Request, asset: str) -> None:
    """Ask for the sample of a file."""
    file = await request.run(lambda session, person: own_asset(session, person, identity(asset)))
    await request.app.dialogs.open(request.person.telegram_id, "sample", asset=asset)
    await request.send(screens.sample_question(request.language, file))


@routes.answer("sample")
async def repeat_question(request: Request, asset: str) -> None:
    """Ask again where somebody writes words instead of sending a file."""
    await ask_sample(request, asset)


@routes.file("sample")
async def take_sample(request: Request, asset: str) -> None:
    """Take the sample of a file; a worker streams it into the store."""
    file, rules = request.file, rules_of(request.app.settings)
    assert file is not None, "the router calls this for files only"
    upload = await request.run(
        lambda session, person: take_sent_sample(
            session, person, identity(asset), file, rules=rules, now=request.now
        )
    )
    await request.app.dialogs.close(request.person.telegram_id)
    await request.say("sample-taken", name=upload.name, size=upload.size)
