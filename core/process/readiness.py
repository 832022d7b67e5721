"""Telling whoever started this process that it serves now: the protocol of sd_notify(3)."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from socket import AF_UNIX, SOCK_DGRAM

_listeners: list[Callable[[], None]] = []


def when_ready(act: Callable[[], None]) -> None:
    """Do this too when this process says that it serves."""
    _listeners.append(act)


def notify_ready() -> None:
    """Send READY=1 to $NOTIFY_SOCKET, as systemd and our own stack give it; nothing where it is not set.

    Whoever listens in this process (`when_ready`) learns it in any case.
    """
    for act in _listeners:
        act()
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # Linux's abstract namespace
        address = "\0" + address[1:]
    # Whoever asked may have gone since: then nobody wants to know.
    with suppress(ConnectionError, FileNotFoundError), socket.socket(AF_UNIX, SOCK_DGRAM) as sender:
        sender.connect(address)
        sender.sendall(b"READY=1")
