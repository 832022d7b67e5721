"""The sandbox as a process of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyrogram import filters

from scripts.sandbox.telegram.remote import RemoteSandbox
from scripts.sandbox.telegram.tl import Refused
from tests.support.telegram_clients import TOKEN, ClientLoop, make_settings


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[RemoteSandbox]:
    with RemoteSandbox.spawn(state_path=tmp_path / "state.json") as running:
        yield running
        assert running.counts["bugs"] == []


def test_people_are_driven_from_another_process(remote: RemoteSandbox, clients: ClientLoop) -> None:
    remote.add_bot(TOKEN, "shop_bot")

    def answering(client: Any) -> None:
        @client.on_message(filters.text & filters.incoming)
        async def hear(_: Any, message: Any) -> None:
            await client.send_message(message.chat.id, f"heard {message.text}")

    client = clients.start(make_settings(remote), prepare=answering)
    ann = remote.person("Ann", language="fr")
    ann.says("bonjour")
    assert ann.wait_for("heard bonjour").bot == "shop_bot"
    with pytest.raises(Refused, match="INVITE_HASH_INVALID"):
        ann.joins("https://t.me/+unknown")
    with pytest.raises(ValueError, match="KeyError: 'dance'"):
        remote.call("dance")
    remote.restart()
    clients.run(client.send_message, ann.id, "still here")
    ann.wait_for("still here")
    clients.stop(client)


def test_a_port_in_use_says_that_the_sandbox_did_not_start(remote: RemoteSandbox) -> None:
    port = int(remote.address.split(":")[1])
    with pytest.raises(RuntimeError, match="did not start"):
        RemoteSandbox.spawn(port)
