"""Telegram on a bad day: waits, refusals, lost answers, dropped connections, and the random_id rule."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pyrogram.errors import FloodWait, UserIsBlocked
from pyrogram.raw import functions

from core.telegram.client import derive_random_id, message_identity
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.telegram_clients import ClientLoop, Run, make_settings
from tests.support.waiting import wait_until

SEND = "messages.sendMessage"


async def send(client: Any, person: Person, text: str, timeout: float = 15) -> None:
    """Send without the library's own retries, repeating the same random_id on every call."""
    peer = await client.resolve_peer(person.id)
    query = functions.messages.SendMessage(peer=peer, message=text, random_id=derive_random_id(text))
    await client.invoke(query, retries=1, timeout=timeout)


def texts(person: Person) -> list[str]:
    return [message.text for message in person.chat if message.outgoing]


def test_a_short_flood_wait_is_slept_over_and_a_long_one_raised(
    client: Any, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    sandbox.flood_wait(1, times=1)
    run(client.send_message, ann.id, "short")
    sandbox.flood_wait(30, times=1)
    with pytest.raises(FloodWait) as caught:
        run(client.send_message, ann.id, "long")
    assert caught.value.value == 30
    assert texts(ann) == ["short"]


def test_a_share_of_sends_meets_a_flood_wait_until_faults_are_cleared(
    client: Any, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    sandbox.flood_wait(9, share=0.5)
    run(client.send_message, ann.id, "first")
    with pytest.raises(FloodWait):
        run(client.send_message, ann.id, "second")
    sandbox.clear_faults()
    run(client.send_message, ann.id, "third")
    run(client.send_message, ann.id, "fourth")


def test_the_rate_limit_counts_all_sessions_of_a_bot(
    client: Any, clients: ClientLoop, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    worker = clients.start(make_settings(sandbox), "worker", receive_updates=False)
    run(worker.resolve_peer, ann.id)
    sandbox.set_limit(2)
    run(send, client, ann, "one")
    run(send, worker, ann, "two")
    with pytest.raises(FloodWait):
        run(
            worker.invoke,
            functions.messages.SendMessage(
                peer=run(worker.resolve_peer, ann.id), message="three", random_id=3
            ),
            sleep_threshold=0,
        )


def test_a_refusal_can_be_ordered_for_any_call(client: Any, ann: Person, sandbox: Sandbox, run: Run) -> None:
    sandbox.fail_next(SEND, 403, "USER_IS_BLOCKED")
    with pytest.raises(UserIsBlocked):
        run(client.send_message, ann.id, "x")
    run(client.send_message, ann.id, "y")
    assert texts(ann) == ["y"]


def test_a_repeated_random_id_returns_the_earlier_message_from_any_session(
    client: Any, clients: ClientLoop, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    worker = clients.start(make_settings(sandbox), "worker", receive_updates=False)

    async def deliver(sender: Any, issue: int = 0) -> int:
        with message_identity("job-1", 0, issue):
            return int((await sender.send_message(ann.id, "your file")).id)

    first = run(deliver, client)
    assert run(deliver, client) == run(deliver, worker) == first
    assert run(deliver, worker, 1) != first
    assert sandbox.sent_count == 2
    assert {person for person, _ in sandbox.duplicates()} == {ann.id}
    assert sandbox.reached("your file") == {ann.id: 2}


def test_a_repeat_while_the_first_is_in_flight_is_refused(
    client: Any, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    async def both() -> list[BaseException | None]:
        return await asyncio.gather(*(send(client, ann, "once") for _ in range(2)), return_exceptions=True)

    sandbox.hold_in_flight(0.3)
    # The client turns the 500 into a time-out once its retries (here: one) are used up.
    assert [type(error) for error in run(both)] == [type(None), TimeoutError]
    assert texts(ann) == ["once"]
    run(send, client, ann, "once")
    assert texts(ann) == ["once"]


def test_message_identities_do_not_mix_in_concurrent_sends(
    client: Any, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    async def deliver(number: int) -> int:
        with message_identity(f"job-{number}", 0):
            return int((await client.send_message(ann.id, f"message {number}")).id)

    async def all_twice() -> tuple[list[int], list[int]]:
        first = await asyncio.gather(*(deliver(n) for n in range(200)))
        return first, await asyncio.gather(*(deliver(n) for n in range(200)))

    first, second = run(all_twice)
    assert first == second
    assert len(set(first)) == sandbox.sent_count == 200
    assert sandbox.duplicates() == []


def test_an_answer_may_be_lost_after_the_message_was_sent(
    client: Any, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    sandbox.drop_before_answer(SEND)
    with pytest.raises(TimeoutError):
        run(send, client, ann, "once", 0.5)
    assert texts(ann) == ["once"]
    run(send, client, ann, "once")
    assert texts(ann) == ["once"]


def test_the_client_repeats_a_lost_call_by_itself(
    client: Any, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    sandbox.drop_before_answer(SEND)
    sent = run(client.send_message, ann.id, "once")
    assert [message.id for message in ann.chat if message.outgoing] == [sent.id]
    assert sandbox.counts["calls"][SEND] == 2


def test_a_client_comes_back_after_its_connection_was_cut(
    client: Any, ann: Person, sandbox: Sandbox, run: Run
) -> None:
    heard: list[str] = []

    @client.on_message()
    async def hear(_: Any, message: object) -> None:
        heard.append(getattr(message, "text", ""))

    assert sandbox.drop_connections() >= 1
    ann.says("while you were away")
    run(client.send_message, ann.id, "back")
    wait_until(lambda: "while you were away" in heard)


def test_telegram_may_restart_and_clients_go_on(client: Any, ann: Person, sandbox: Sandbox, run: Run) -> None:
    address = sandbox.address
    sandbox.restart()
    assert sandbox.address == address
    run(client.send_message, ann.id, "after the restart")
    assert texts(ann) == ["after the restart"]
    assert sandbox.counts["calls"]["auth.importBotAuthorization"] == 1


def test_a_restarted_process_still_knows_its_keys(clients: ClientLoop, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with Sandbox(state_path=state) as sandbox:
        port = int(sandbox.address.split(":")[1])
        sandbox.add_bot("4242:test-token", "shop_bot")
        client = clients.start(make_settings(sandbox))
        ann = sandbox.person("Ann")
        ann.says("/start")
        clients.run(client.send_message, ann.id, "before")
    assert state.stat().st_mode & 0o777 == 0o600
    with Sandbox(port, state) as sandbox:
        sandbox.add_bot("4242:test-token", "shop_bot")
        ann = sandbox.person("Ann")
        ann.says("/start")
        clients.run(client.send_message, ann.id, "after")
        ann.wait_for("after")
        assert "auth.importBotAuthorization" not in sandbox.counts["calls"]
        clients.stop(client)
