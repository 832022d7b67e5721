"""The stand-in for NOWPayments as a part of the stack, in a process of its own."""

import signal
import sys
from pathlib import Path

from scripts.embedded.ports import LOOPBACK, accepts, free_port
from scripts.embedded.process import Process, Server
from scripts.sandbox.nowpayments.__main__ import VARIABLES
from scripts.sandbox.nowpayments.sandbox import Account


class NowPaymentsServer(Server):
    """A process of the NOWPayments sandbox with one account. Its invoices live in memory."""

    name = "nowpayments"

    def __init__(self, data: Path, log: Path) -> None:
        super().__init__(data, log)
        self._account = Account()
        self._port = free_port()

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which our processes find it."""
        return {"NOWPAYMENTS_URL": f"{self.url}/v1", **self._secrets}

    @property
    def _secrets(self) -> dict[str, str]:
        return {variable: getattr(self._account, name) for name, variable in VARIABLES.items()}

    def start(self) -> None:
        """Start it and wait until it answers."""
        process = Process(
            self.name,
            [sys.executable, "-m", "scripts.sandbox.nowpayments", "--port", str(self._port)],
            self.log,
            environment=self._secrets,
            death_signal=signal.SIGKILL,
        )
        self._run(process, lambda: accepts(self._port))
