"""Messages, keyboards, edits and inline mode, through a stock client."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pyrogram import enums, filters, types
from pyrogram.errors import (
    BadRequest,
    ButtonDataInvalid,
    ButtonUrlInvalid,
    MediaCaptionTooLong,
    MessageNotModified,
    MessageTooLong,
    PeerIdInvalid,
    QueryIdInvalid,
    UserIsBlocked,
)

from scripts.sandbox.telegram.driver import BotHandle, Person
from scripts.sandbox.telegram.sandbox import Sandbox
from scripts.sandbox.telegram.tl import F, Refused
from tests.support.telegram_clients import ClientLoop, Run, make_settings
from tests.support.waiting import wait_until


def keyboard(*buttons: types.InlineKeyboardButton) -> types.InlineKeyboardMarkup:
    return types.InlineKeyboardMarkup([[button] for button in buttons])


def test_a_command_reaches_the_handler_and_its_answer_the_person(client: Any, sandbox: Sandbox) -> None:
    @client.on_message(filters.command("start"))
    async def start(_: Any, message: Any) -> None:
        language = message.from_user and message.from_user.language_code
        await message.reply(f"<b>Bonjour</b> {message.command} {language}", parse_mode=enums.ParseMode.HTML)

    ann = sandbox.person("Ann", language="fr")
    ann.starts("https://t.me/shop_bot?start=p_1")
    answer = ann.wait_for("Bonjour")
    assert answer.text == "Bonjour ['start', 'p_1'] fr"
    assert answer.entities == [{"type": "bold", "text": "Bonjour"}]


def test_a_start_link_takes_64_characters_and_no_others(sandbox: Sandbox, client: Any) -> None:
    ann = sandbox.person("Ann")
    assert ann.starts(f"https://t.me/shop_bot?start={'a' * 64}").text == f"/start {'a' * 64}"
    for payload in ("a" * 65, "é", "a b", ""):
        with pytest.raises(Refused, match="START_PARAM_INVALID"):
            ann.starts(f"https://t.me/shop_bot?start={payload}")


def test_buttons_are_pressed_by_text_or_data_and_answered(client: Any, ann: Person, run: Run) -> None:
    @client.on_callback_query()
    async def pressed(_: Any, query: Any) -> None:
        await query.answer(f"got {query.data}", show_alert=True)

    markup = keyboard(
        types.InlineKeyboardButton("Buy", callback_data="buy:1"),
        types.InlineKeyboardButton("Open", url="https://example.org/x"),
    )
    run(client.send_message, ann.id, "card", reply_markup=markup)
    card = ann.wait_for("card")
    assert [button.text for button in card.buttons] == ["Buy", "Open"]
    for label in ("Buy", "buy:1"):
        answer = ann.presses(card, label)
        assert (answer.text, answer.alert) == ("got buy:1", True)
    assert ann.press_data(card, "forged").text == "got forged"
    assert ann.presses(card, "Open").url == "https://example.org/x"
    with pytest.raises(ValueError, match="it has: Buy, Open"):
        ann.presses(card, "Sell")


def test_a_button_that_nobody_answers_times_out(client: Any, ann: Person, sandbox: Sandbox, run: Run) -> None:
    queries: list[Any] = []

    @client.on_callback_query()
    async def pressed(_: Any, query: Any) -> None:
        queries.append(query)

    markup = keyboard(types.InlineKeyboardButton("Buy", callback_data="buy"))
    run(client.send_message, ann.id, "card", reply_markup=markup)
    sandbox.set_answer_seconds(0.3)
    with pytest.raises(Refused, match="BOT_RESPONSE_TIMEOUT"):
        ann.presses(ann.wait_for("card"), "Buy")
    with pytest.raises(QueryIdInvalid):
        run(queries[0].answer, "too late")


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        (types.InlineKeyboardButton("x", callback_data="a" * 65), ButtonDataInvalid),
        (types.InlineKeyboardButton("x", url="http://localhost:8000/d/1"), ButtonUrlInvalid),
        (types.InlineKeyboardButton("x", url="ftp://example.org"), ButtonUrlInvalid),
        (types.InlineKeyboardButton("x", web_app=types.WebAppInfo(url="http://a.example")), ButtonUrlInvalid),
    ],
)
def test_buttons_that_telegram_refuses_are_refused(
    client: Any, ann: Person, run: Run, button: Any, refusal: type[BadRequest]
) -> None:
    with pytest.raises(refusal):
        run(client.send_message, ann.id, "card", reply_markup=keyboard(button))


def test_buttons_at_the_limit_pass(client: Any, ann: Person, run: Run) -> None:
    markup = keyboard(
        types.InlineKeyboardButton("a", callback_data="a" * 64),
        types.InlineKeyboardButton("b", url="http://127.0.0.1:8000/d/1"),
        types.InlineKeyboardButton("c", url="tg://resolve?domain=shop_bot"),
    )
    run(client.send_message, ann.id, "card", reply_markup=markup)
    assert len(ann.wait_for("card").buttons) == 3


def test_text_and_caption_have_their_lengths(client: Any, ann: Person, run: Run) -> None:
    run(client.send_message, ann.id, "x" * 4096)
    with pytest.raises(MessageTooLong):
        run(client.send_message, ann.id, "x" * 4097)
    photo = run(client.send_photo, ann.id, named(b"jpeg", "a.jpg"), caption="x" * 1024)
    with pytest.raises(MediaCaptionTooLong):
        run(client.send_photo, ann.id, photo.photo.file_id, caption="x" * 1025)


def named(data: bytes, name: str) -> BytesIO:
    stream = BytesIO(data)
    stream.name = name
    return stream


def test_links_are_seen_whether_written_out_or_behind_a_text(client: Any, ann: Person, run: Run) -> None:
    text = 'see http://127.0.0.1:8/d/a_b or <a href="http://localhost:8/d/c">here</a>'
    preview = types.LinkPreviewOptions(is_disabled=True)
    run(client.send_message, ann.id, text, parse_mode=enums.ParseMode.HTML, link_preview_options=preview)
    message = ann.wait_for("see")
    assert sorted(message.links) == ["http://127.0.0.1:8/d/a_b", "http://localhost:8/d/c"]
    assert message.no_preview


def test_an_edit_replaces_the_message_and_an_empty_one_is_refused(client: Any, ann: Person, run: Run) -> None:
    sent = run(client.send_message, ann.id, "one")
    run(client.edit_message_text, ann.id, sent.id, "two")
    with pytest.raises(MessageNotModified):
        run(client.edit_message_text, ann.id, sent.id, "two")
    message = ann.wait_for("two")
    assert (message.id, message.edits) == (sent.id, 1)
    run(client.delete_messages, ann.id, sent.id)
    assert ann.chat[-1].deleted


def test_media_and_captions_are_edited(client: Any, ann: Person, run: Run) -> None:
    sent = run(client.send_document, ann.id, named(b"one", "one.txt"), caption="first")
    run(client.edit_message_caption, ann.id, sent.id, "second")
    assert ann.wait_for("second").kind == "document"
    run(client.edit_message_media, ann.id, sent.id, types.InputMediaPhoto(named(b"two", "b.jpg"), "third"))
    assert ann.wait_for("third").kind == "photo"


def test_a_reply_can_be_traced_by_both_sides(client: Any, ann: Person, run: Run) -> None:
    heard: list[Any] = []

    @client.on_message(filters.text & filters.incoming)
    async def hear(_: Any, message: Any) -> None:
        heard.append(message)
        reply = types.ReplyParameters(message_id=message.id)
        await client.send_message(message.chat.id, "noted", reply_parameters=reply)

    question = run(client.send_message, ann.id, "question")
    answer = ann.says("answer", reply_to=ann.wait_for("question"))
    assert ann.wait_for("noted", after=answer).reply_to == answer.id
    assert heard[-1].reply_to_message is not None
    assert heard[-1].reply_to_message.id == question.id


def test_a_stranger_cannot_be_written_to(client: Any, sandbox: Sandbox, run: Run) -> None:
    stranger = sandbox.person("Bob")
    with pytest.raises(PeerIdInvalid):
        run(client.send_message, stranger.id, "hello")


def test_who_blocked_the_bot_is_out_of_reach_until_he_unblocks(client: Any, ann: Person, run: Run) -> None:
    ann.blocks_bot()
    with pytest.raises(UserIsBlocked):
        run(client.send_message, ann.id, "hello")
    with pytest.raises(Refused, match="YOU_BLOCKED_USER"):
        ann.says("hello")
    ann.unblocks_bot()
    run(client.send_message, ann.id, "hello")
    assert ann.wait_for("hello").outgoing


def test_other_sessions_of_the_bot_hear_what_one_sends_unless_they_want_no_updates(
    client: Any, clients: ClientLoop, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    heard: dict[str, list[Any]] = {"bot": [], "worker": []}

    def listening(name: str) -> Callable[[Any], None]:
        def listen(one: Any) -> None:
            @one.on_message()
            async def hear(_: Any, message: Any) -> None:
                heard[name].append((message.outgoing, message.text))

        return listen

    listening("bot")(client)
    settings = make_settings(sandbox)
    worker = clients.start(settings, "worker", receive_updates=False, prepare=listening("worker"))
    run(worker.send_message, ann.id, "from the worker")
    wait_until(lambda: (True, "from the worker") in heard["bot"])
    assert heard["worker"] == []


def test_inline_mode_shows_what_the_bot_answers(client: Any, ann: Person) -> None:
    @client.on_inline_query()
    async def search(_: Any, query: Any) -> None:
        content = types.InputTextMessageContent(f"card of {query.query}")
        await query.answer([types.InlineQueryResultArticle("Cours", content, id="p1", description="12 €")])

    (article,) = ann.inline_query("py")
    assert (article.id, article.title, article.description, article.text) == (
        "p1",
        "Cours",
        "12 €",
        "card of py",
    )


def test_commands_and_the_menu_button_are_kept(client: Any, ann: Person, bot: BotHandle, run: Run) -> None:
    run(client.set_bot_commands, [types.BotCommand("start", "go"), types.BotCommand("help", "aide")])
    run(client.set_bot_commands, [types.BotCommand("start", "go")], language_code="fr")
    web_app = types.MenuButtonWebApp("App", types.WebAppInfo(url="https://example.org"))
    run(client.set_chat_menu_button, ann.id, web_app)
    assert bot.settings["commands"] == {"": ["start", "help"], "fr": ["start"]}
    assert bot.settings["menus"] == [[ann.id, "BotMenuButton"]]
    assert [c.command for c in run(client.get_bot_commands)] == ["start", "help"]


def test_a_call_that_nothing_serves_is_refused_at_once(client: Any, sandbox: Sandbox, run: Run) -> None:
    with pytest.raises(BadRequest, match="METHOD_INVALID"):
        run(client.invoke, F.help.GetNearestDc())
    assert sandbox.counts["missing"] == ["help.getNearestDc"]


def test_a_wait_in_vain_shows_the_chat(client: Any, ann: Person) -> None:
    with pytest.raises(AssertionError, match=r"waited 0\.1 s for 'never'.*\n> #\d+ '/start'"):
        ann.wait_for("never", timeout=0.1)
