"""Who gives way when the connections are all taken."""

import pytest
from structlog.testing import capture_logs

from api.connections import Connections


class Client:
    """A connection that notes whether it was closed."""

    closed = False

    def give_up(self) -> None:
        self.closed = True


def taken_in(room: Connections, address: str, count: int) -> list[Client]:
    clients = [Client() for _ in range(count)]
    assert all(room.enter(client, address) for client in clients)
    return clients


def test_beyond_the_bound_of_one_address_its_longest_idle_connection_gives_way() -> None:
    room = Connections(100, 3)
    other = taken_in(room, "192.0.2.2", 3)
    first, second, third = taken_in(room, "192.0.2.1", 3)
    room.work(first)
    taken_in(room, "192.0.2.1", 1)
    assert (first.closed, second.closed, third.closed) == (False, True, False)
    assert not any(client.closed for client in other)
    assert len(room) == 6


def test_who_has_asked_lately_has_not_waited_longest() -> None:
    room = Connections(2, 0)
    first, second = taken_in(room, "192.0.2.1", 2)
    room.work(first)
    room.wait(first)
    taken_in(room, "192.0.2.1", 1)
    assert (first.closed, second.closed) == (False, True)


@pytest.mark.parametrize(("most", "from_one"), [(3, 0), (100, 3)])
def test_where_all_are_at_work_a_new_one_is_refused(most: int, from_one: int) -> None:
    room = Connections(most, from_one)
    busy = taken_in(room, "192.0.2.1", 3)
    for client in busy:
        room.work(client)
    assert not room.enter(Client(), "192.0.2.1")
    assert not any(client.closed for client in busy)
    room.leave(busy[0])
    assert room.enter(Client(), "192.0.2.1")


def test_one_address_full_does_not_shut_others_out() -> None:
    room = Connections(100, 2)
    for client in taken_in(room, "192.0.2.1", 2):
        room.work(client)
    assert not room.enter(Client(), "192.0.2.1")
    assert room.enter(Client(), "192.0.2.2")


def test_nothing_is_kept_of_those_that_left() -> None:
    room = Connections(10, 5)
    for client in taken_in(room, "192.0.2.1", 5):
        room.work(client)
        room.leave(client)
        room.leave(client)
        room.wait(client)
    assert len(room) == 0
    assert vars(room)["_waiting"] == vars(room)["_waiting_from"] == vars(room)["_from"] == {}


def test_a_flood_of_refusals_is_one_line_in_ten_seconds() -> None:
    room = Connections(1, 1)
    with capture_logs() as lines:
        for second in range(30):
            for _ in range(100):
                room.note("head_too_large", float(second))
    assert [line["head_too_large"] for line in lines] == [1, 1000, 1000]
