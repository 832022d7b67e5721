"""Settings that reach a process by a file without a name."""

import os
import sys

import pytest

from core.process import handed
from core.process.handed import Handed

OWN = Handed({"BOT_TOKEN": "1:secret", "SHOP_NAME": "Chez nous é"}, "/var/log/bot.log", "@notify")


def test_it_is_read_as_often_as_one_likes() -> None:
    descriptor = handed.write("bot", OWN)
    try:
        assert handed.read(descriptor) == handed.read(descriptor) == OWN
    finally:
        os.close(descriptor)


def test_what_is_shorter_leaves_nothing_of_what_stood_there() -> None:
    descriptor = handed.write("bot", OWN)
    try:
        handed.rewrite(descriptor, Handed({}).encoded())
        assert handed.read(descriptor) == Handed({})
    finally:
        os.close(descriptor)


def test_it_has_no_name_and_is_not_inherited_by_chance() -> None:
    descriptor = handed.write("bot", OWN)
    try:
        assert os.fstat(descriptor).st_nlink == 0
        assert not os.get_inheritable(descriptor)
    finally:
        os.close(descriptor)


def test_where_no_file_can_be_made_in_memory_a_removed_one_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    descriptor = handed.write("bot", OWN)
    try:
        assert handed.read(descriptor) == OWN
        assert os.fstat(descriptor).st_nlink == 0
    finally:
        os.close(descriptor)
