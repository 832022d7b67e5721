"""The stand-in for Telegram as a part of the stack, in a process of its own."""

import signal
import sys
from pathlib import Path

from scripts.embedded.ports import accepts, free_port
from scripts.embedded.process import Process, Server
from scripts.sandbox.telegram.remote import RemoteSandbox

TOKEN = "1000001:sandbox"  # noqa: S105  (opens nothing outside of the sandbox)
USERNAME = "comptoir_sandbox_bot"


class TelegramSandbox(Server):
    """A process of the Telegram sandbox with the shop's bot; `remote` drives the people in it.

    Chats live in memory; the bot and the workers stay logged in over its restart, on the same ports.
    """

    name = "telegram"

    def __init__(self, data: Path, log: Path) -> None:
        super().__init__(data, log)
        self.remote = RemoteSandbox(free_port())
        self._port = free_port()
        self._address = ""

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which our processes find it instead of Telegram."""
        return {
            "ENV": "sandbox",
            "TELEGRAM_SANDBOX": self._address,
            "TELEGRAM_API_ID": "1",
            "TELEGRAM_API_HASH": "0" * 32,
            "BOT_TOKEN": TOKEN,
            "BOT_USERNAME": USERNAME,
        }

    def start(self) -> None:
        """Start the process and register the bot."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        ports = ["--port", str(self._port), "--control", str(self.remote.control_port)]
        process = Process(
            self.name,
            [sys.executable, "-m", "scripts.sandbox.telegram", *ports, "--state", self.data / "keys.json"],
            self.log,
            death_signal=signal.SIGKILL,
        )
        self.remote.stop()
        self.remote = RemoteSandbox(self.remote.control_port)
        self._run(process, lambda: accepts(self.remote.control_port))
        self.remote.add_bot(TOKEN, USERNAME)
        self._address = self.remote.address

    def stop(self) -> None:
        """Close the driver's connections and end the process."""
        self.remote.stop()
        super().stop()
