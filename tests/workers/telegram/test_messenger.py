"""Messages out, over real MTProto to the loopback Telegram (A22, A34)."""

import base64
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import redis
from pyrogram.file_id import FileId, FileType

from core.kit.db import Database
from core.kit.errors import Permanent, RetryAfter, Unreachable
from core.ports import Button, Identity, Message
from core.process.settings import Settings
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.waiting import wait_until
from workers.telegram.messenger import TelegramMessenger
from workers.telegram.replies import OutcomeUnknown, SessionLost

# A red dot of one pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


def once() -> Identity:
    return Identity(uuid4(), "text")


def logins(sandbox: Sandbox) -> int:
    return int(sandbox.counts["calls"].get("auth.importBotAuthorization", 0))


def test_a_login_may_begin_before_the_first_message(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    messenger.open_soon()
    wait_until(lambda: logins(sandbox) == 1, 60, "nobody logged in")
    messenger.send(once(), ann.id, Message("Bonjour"))
    assert logins(sandbox) == 1


def test_a_messenger_may_be_closed_while_it_logs_in(messenger: TelegramMessenger, sandbox: Sandbox) -> None:
    sandbox.delay_next("auth.importBotAuthorization", 60)
    messenger.open_soon()
    wait_until(lambda: logins(sandbox) == 1, 60, "nobody logged in")
    messenger.close()
    wait_until(lambda: "telegram" not in {thread.name for thread in threading.enumerate()}, 60, "it goes on")


def test_messages_are_encrypted_without_handing_them_to_a_thread(
    messenger: TelegramMessenger, ann: Person
) -> None:
    messenger.send(once(), ann.id, Message("Bonjour"))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("CryptoWorker")]


def test_a_message_of_html_arrives_with_its_buttons(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    message = Message(
        '<b>Merci</b> &amp; <a href="https://shop.example/d/x">Cours</a>',
        [[Button("Site", url="https://shop.example")], [Button("Biblio", data="library_menu")]],
    )

    number = messenger.send(once(), ann.id, message)

    seen = ann.wait_for("Merci")
    assert (seen.id, seen.text) == (number, "Merci & Cours")
    assert [button.text for button in seen.buttons] == ["Site", "Biblio"]
    assert seen.links == ["https://shop.example/d/x"]
    assert seen.no_preview


def test_sent_twice_with_one_identity_it_is_seen_once(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    identity = once()

    numbers = {messenger.send(identity, ann.id, Message("Bonjour")) for _ in range(3)}

    assert len(numbers) == 1
    assert sandbox.reached("Bonjour") == {ann.id: 1}


def test_parts_and_issues_of_one_job_are_messages_of_their_own(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    job: UUID = uuid4()

    for identity in (Identity(job, "1"), Identity(job, "2"), Identity(job, "1", issue=1)):
        messenger.send(identity, ann.id, Message("Bonjour"))

    assert sandbox.reached("Bonjour") == {ann.id: 3}


def test_a_lost_answer_is_asked_again_and_seen_once(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    identity = once()
    messenger.send(once(), ann.id, Message("warm"))
    sandbox.drop_before_answer("messages.sendMessage")

    # Whether the client itself asks again or leaves it to the job is a matter of its time-outs.
    with suppress(OutcomeUnknown):
        messenger.send(identity, ann.id, Message("Bonjour"))
    messenger.send(identity, ann.id, Message("Bonjour"))

    assert sandbox.counts["calls"]["messages.sendMessage"] >= 3
    assert sandbox.reached("Bonjour") == {ann.id: 1}


def test_a_send_that_never_ends_is_given_back_as_unknown(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger.send(once(), ann.id, Message("warm"))
    sandbox.delay_next("messages.sendMessage", 2)
    monkeypatch.setattr(messenger, "_deadline", 0.2)

    with pytest.raises(OutcomeUnknown, match="did not answer in time"):
        messenger.send(once(), ann.id, Message("Bonjour"))


def test_many_threads_share_one_client(messenger: TelegramMessenger, sandbox: Sandbox, ann: Person) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(lambda n: messenger.send(once(), ann.id, Message(f"n{n}")), range(64)))

    assert len(numbers) == 64
    assert sandbox.counts["calls"]["auth.importBotAuthorization"] == 1


def test_a_pause_that_telegram_asks_for_is_passed_on(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    sandbox.flood_wait(37, times=1)

    with pytest.raises(RetryAfter) as caught:
        messenger.send(once(), ann.id, Message("Bonjour"))

    assert caught.value.seconds == 37


def test_a_person_who_blocked_the_bot_is_unreachable(messenger: TelegramMessenger, ann: Person) -> None:
    ann.blocks_bot()

    with pytest.raises(Unreachable, match="USER_IS_BLOCKED"):
        messenger.send(once(), ann.id, Message("Bonjour"))


def test_a_person_who_never_wrote_is_unreachable(messenger: TelegramMessenger, ann: Person) -> None:
    with pytest.raises(Unreachable, match="PEER_ID_INVALID"):
        messenger.send(once(), 987_654_321, Message("Bonjour"))


def test_a_message_that_telegram_cannot_show_is_permanent(messenger: TelegramMessenger, ann: Person) -> None:
    with pytest.raises(Permanent, match="MESSAGE_TOO_LONG"):
        messenger.send(once(), ann.id, Message("x" * 5000))


def test_stars_are_given_back_once_and_a_second_time_is_done(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    sandbox.fail_next("payments.refundStarsCharge", 400, "CHARGE_ALREADY_REFUNDED")

    messenger.refund_stars(ann.id, "charge-1")

    assert sandbox.counts["calls"]["payments.refundStarsCharge"] == 1


def test_a_refund_of_an_unknown_charge_is_permanent(messenger: TelegramMessenger, ann: Person) -> None:
    with pytest.raises(Permanent, match="CHARGE"):
        messenger.refund_stars(ann.id, "no-such-charge")


def test_a_picture_is_put_at_telegram_without_reaching_anybody(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    file_id = messenger.upload_picture("cover.png", PNG)

    assert len(file_id) > 20
    assert sandbox.sent_count == 0


def test_a_teaser_is_put_at_telegram_as_a_silent_video(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    file_id = messenger.upload_teaser("teaser.mp4", b"\0\0\0\x18ftypisom" + bytes(100), (480, 270), 6)

    assert FileId.decode(file_id).file_type is FileType.VIDEO
    assert sandbox.sent_count == 0


def test_a_second_life_uses_the_session_of_the_first(
    telegram_settings: Callable[..., Settings],
    database: Database,
    redis_client: "redis.Redis",
    sandbox: Sandbox,
    ann: Person,
) -> None:
    settings = telegram_settings()
    for word in ("first", "second"):
        messenger = TelegramMessenger(settings, database, redis_client)
        messenger.send(once(), ann.id, Message(word))
        messenger.close()

    assert sandbox.counts["calls"]["auth.importBotAuthorization"] == 1
    assert settings.session_dir is not None
    (session,) = Path(settings.session_dir).glob("*.session")
    assert stat.S_IMODE(session.stat().st_mode) == 0o600


def test_a_session_that_telegram_ended_is_made_anew(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    messenger.send(once(), ann.id, Message("before"))
    sandbox.fail_next("messages.sendMessage", 401, "SESSION_REVOKED")

    with pytest.raises(SessionLost):
        messenger.send(once(), ann.id, Message("lost"))
    messenger.send(once(), ann.id, Message("after"))

    assert sandbox.counts["calls"]["auth.importBotAuthorization"] == 2


def test_a_refused_login_waits_as_long_as_telegram_says(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person
) -> None:
    sandbox.fail_next("auth.importBotAuthorization", 420, "FLOOD_WAIT_600")

    for _ in range(3):
        with pytest.raises(RetryAfter) as caught:
            messenger.send(once(), ann.id, Message("Bonjour"))
        assert 590 < caught.value.seconds <= 600

    assert sandbox.counts["calls"]["auth.importBotAuthorization"] == 1


def test_after_an_outage_of_telegram_messages_go_out_again(
    messenger: TelegramMessenger, sandbox: Sandbox, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger.send(once(), ann.id, Message("before"))
    monkeypatch.setattr(messenger, "_deadline", 0.5)
    sandbox.outage()
    with pytest.raises(OutcomeUnknown):
        messenger.send(once(), ann.id, Message("lost in the dark"))
    sandbox.restart()

    identity = once()

    def goes_out() -> bool:
        try:
            messenger.send(identity, ann.id, Message("after"))
        except OutcomeUnknown:
            return False
        return True

    wait_until(goes_out, 40)

    assert sandbox.reached("after") == {ann.id: 1}
