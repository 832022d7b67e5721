"""Session slots: which Telegram session file this process may use, by a lease in the database.

Two processes with one session file would lose it (Telegram revokes a key that it sees twice), and every
new file costs a login, which Telegram limits. So a slot is used again as soon as it is free.
"""

import os
import socket
from datetime import timedelta

from sqlalchemy import func, text
from sqlmodel import Session, col, select, update

from schemas.queue import TelegramSlot

LEASE = timedelta(seconds=60)


def lease_slot(session: Session, owner: str) -> str:
    """Take a free slot, or make one, for `owner` ("host:pid"); returns its name.

    A slot that bears our own name is of an earlier life: in a container we have the same number each time.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('telegram_slot'))"))
    now = session.execute(select(func.now())).scalar_one()
    # Compared by the database: a date that Python cannot read must not keep every worker from Telegram.
    slots = session.exec(
        select(TelegramSlot.name, TelegramSlot.owner, col(TelegramSlot.lease_until) < now).order_by(
            TelegramSlot.name
        )
    ).all()
    for name, holder, is_over in slots:
        if is_over or holder == owner or _has_ended(holder):
            session.execute(
                update(TelegramSlot)
                .where(col(TelegramSlot.name) == name)
                .values(owner=owner, lease_until=now + LEASE)
            )
            return name
    taken = {name for name, _, _ in slots}
    name = next(name for number in range(1, len(taken) + 2) if (name := f"worker-{number:02}") not in taken)
    session.add(TelegramSlot(name=name, owner=owner, lease_until=now + LEASE))
    return name


def renew_slot(session: Session, name: str, owner: str) -> bool:
    """Keep the slot for another minute; False when somebody else has it."""
    renewed = session.execute(
        update(TelegramSlot)
        .where(col(TelegramSlot.name) == name, col(TelegramSlot.owner) == owner)
        .values(lease_until=func.now() + LEASE)
        .returning(col(TelegramSlot.name))
    )
    return renewed.first() is not None


def release_slot(session: Session, name: str, owner: str) -> None:
    """Let somebody else have the slot at once."""
    session.execute(
        update(TelegramSlot)
        .where(col(TelegramSlot.name) == name, col(TelegramSlot.owner) == owner)
        .values(lease_until=func.now() - LEASE)
    )


def own_name() -> str:
    """The name of this process as the owner of a slot: host:pid."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _has_ended(owner: str) -> bool:
    """Whether the owner was a process of this machine (or container) and has ended, as after kill -9."""
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
