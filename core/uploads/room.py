"""How much of the store's disk uploads may fill, where that disk is one of this machine.

A full SeaweedFS gets nothing back by deleting, since it needs room itself to free some; and PostgreSQL mostly
stands on the same disk. So a reserve is kept from uploads while there is still something to do about it.
"""

from core.monitoring.disk import Disk

RESERVE = 0.05  # share of the disk that no new upload may enter
TAKES_NOTHING = 0.02  # share of free disk below which the store may refuse a part; it stops at 1 %


def room_for_upload(disk: Disk | None) -> int | None:
    """Bytes that a new upload may have; None where nobody knows."""
    return None if disk is None else max(0, disk.free - int(disk.total * RESERVE))


def is_full(disk: Disk | None, part_size: int) -> bool:
    """Whether a part of so many bytes that the store refuses was refused for lack of room."""
    return disk is not None and disk.free - disk.total * TAKES_NOTHING < part_size
