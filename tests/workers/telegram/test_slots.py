"""Leases of Telegram sessions."""

import os
import socket
import subprocess
import sys

import pytest
from sqlalchemy import func, text
from sqlmodel import Session, col, select, update

from schemas.queue import TelegramSlot
from workers.telegram.slots import LEASE, lease_slot, own_name, release_slot, renew_slot

HERE, THERE = "elsewhere:1", "elsewhere:2"


def let_lapse(session: Session, name: str) -> None:
    session.execute(
        update(TelegramSlot).where(col(TelegramSlot.name) == name).values(lease_until=func.now() - LEASE)
    )


def test_two_processes_get_two_slots(session: Session) -> None:
    assert [lease_slot(session, HERE), lease_slot(session, THERE)] == ["worker-01", "worker-02"]


def test_a_released_slot_is_used_again(session: Session) -> None:
    name = lease_slot(session, HERE)

    release_slot(session, name, HERE)

    assert lease_slot(session, THERE) == name
    assert len(session.exec(select(TelegramSlot)).all()) == 1


def test_a_slot_whose_lease_ran_out_is_used_again(session: Session) -> None:
    name = lease_slot(session, HERE)

    let_lapse(session, name)

    assert lease_slot(session, THERE) == name
    assert not renew_slot(session, name, HERE)


def test_a_renewed_slot_stays_ours(session: Session) -> None:
    name = lease_slot(session, HERE)
    let_lapse(session, name)

    assert renew_slot(session, name, HERE)

    assert lease_slot(session, THERE) != name


def test_only_the_owner_frees_a_slot(session: Session) -> None:
    name = lease_slot(session, HERE)

    release_slot(session, name, THERE)

    assert lease_slot(session, THERE) != name


def test_the_slot_of_a_killed_process_of_this_machine_is_free_at_once(session: Session) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = lease_slot(session, f"{socket.gethostname()}:{child.pid}")
    assert lease_slot(session, HERE) != name

    child.kill()
    child.communicate()

    assert lease_slot(session, THERE) == name


@pytest.mark.parametrize("life", [1, 2])
def test_a_process_with_the_name_of_an_earlier_life_takes_its_slot(session: Session, life: int) -> None:
    names = {lease_slot(session, own_name()) for _ in range(life)}

    assert names == {"worker-01"}
    assert own_name().endswith(f":{os.getpid()}")


def test_a_slot_whose_lease_cannot_be_read_keeps_nobody_from_another(session: Session) -> None:
    taken = lease_slot(session, HERE)
    session.execute(text("UPDATE telegram_slot SET lease_until = 'infinity'"))
    session.expunge_all()
    assert lease_slot(session, THERE) != taken
    session.execute(text("UPDATE telegram_slot SET lease_until = '-infinity'"))
    session.expunge_all()
    assert lease_slot(session, "elsewhere:3") == taken
