"""A sandbox and a stock client that is logged in to it."""

from tests.support.telegram_sandbox import ann, bot, client, clients, run, sandbox

__all__ = ["ann", "bot", "client", "clients", "run", "sandbox"]
