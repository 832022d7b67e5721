"""TCP ports of 127.0.0.1 for servers that begin to listen later, which nobody takes in between."""

import random
import socket

LOOPBACK = "127.0.0.1"
# Below what Linux gives to outgoing connections and to whoever asks for port 0 (32768 to 60999, says
# /proc/sys/net/ipv4/ip_local_port_range). Servers that add 10,000 to theirs stay below it too.
FIRST, LAST = 10_000, 22_000
ATTEMPTS = 1000


def free_ports(count: int) -> list[int]:
    """So many different ports, as of `free_port`."""
    return [free_port() for _ in range(count)]


def free_port() -> int:
    """A port that nobody listens on, this process's as long as it lives.

    Raises `OSError` when none is found.
    """
    for _ in range(ATTEMPTS):
        port = random.randint(FIRST, LAST)  # noqa: S311  # which one is no secret
        if _reserve(port) and _is_free(port):
            return port
    raise OSError(f"No port of {LOOPBACK} between {FIRST} and {LAST} was found free in {ATTEMPTS} attempts.")


def accepts(port: int) -> bool:
    """Whether somebody listens on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _reserve(port: int) -> bool:
    """Keep others who ask here away from a port: an abstract Unix socket with its number in its name.

    Linux forgets the name when this process ends, however it ends.
    """
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0comptoir-port-{port}")
    except OSError:
        mark.close()
        return False
    mark.detach()  # open until this process ends
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
