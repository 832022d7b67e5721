"""How long requests wait before we come to them, and whether that is too long for those that still come.

A queue that stands for a moment is how bursts are taken; one that stands on is too much to do, and whoever
is served out of it waited for nothing. So what counts is the shortest wait within an interval, as in CoDel
(RFC 8289, section 3.2): a machine that stood still for once sheds nobody.
"""

import socket
import struct
import sys
from asyncio import BaseTransport

TARGET = 0.2  # seconds that a request may wait, again and again
INTERVAL = 0.1  # seconds for which none waited less, until some are refused
# struct tcp_info of Linux (include/uapi/linux/tcp.h): eight bytes, then 32-bit numbers; the twelfth is
# tcpi_last_data_recv, the milliseconds since the kernel last got data on this connection.
LAST_DATA_RECEIVED = struct.Struct("=52xI")


class Sojourn:
    """The waits of one queue, in the order in which what waited is taken out of it."""

    def __init__(self, target: float = TARGET, interval: float = INTERVAL) -> None:
        self._target = target
        self._interval = interval
        self._above_since: float | None = None

    def is_too_long(self, waited: float, now: float) -> bool:
        """Whether who waited so many seconds is to be refused. `now` in seconds of a monotonic clock."""
        if waited <= self._target:
            self._above_since = None
            return False
        if self._above_since is None:
            self._above_since = now
        return now - self._above_since >= self._interval


def waited_in_socket(transport: BaseTransport) -> float:
    """Seconds since bytes last came to this connection, accepted or not; 0 where the kernel cannot say."""
    connected = transport.get_extra_info("socket")
    if connected is None or sys.platform != "linux" or connected.family == socket.AF_UNIX:
        return 0.0
    try:
        info = connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA_RECEIVED.size)
    except OSError:  # it was closed meanwhile
        return 0.0
    return float(LAST_DATA_RECEIVED.unpack(info)[0]) / 1000
