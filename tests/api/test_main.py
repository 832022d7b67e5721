"""The API's process: what it does to itself before it serves."""

import asyncio
import gc
import socket
import threading
from contextlib import ExitStack

import uvicorn
import uvloop

from api.main import Server


async def nothing(scope: object, receive: object, send: object) -> None:
    """An application that is never asked."""


def test_what_is_imported_is_never_collected_while_requests_wait() -> None:
    async def start() -> int:
        server = Server(uvicorn.Config(nothing, port=0, lifespan="off", log_config=None))
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup()
        await server.shutdown()
        return gc.get_freeze_count()

    gc.unfreeze()  # what was frozen when the tests were found
    assert asyncio.run(start()) > 10_000


def test_a_stop_that_was_asked_for_before_it_listened_is_followed() -> None:
    stopped = threading.Event()
    stopped.set()
    server = Server(uvicorn.Config(nothing, port=0, lifespan="off", log_config=None), stopped)
    asyncio.run(server.serve())
    assert server.started


def test_new_connections_do_not_wait_a_turn_of_the_loop_each() -> None:
    """A busy loop has few turns a second; libuv by itself takes one connection in each."""
    coming = 16

    async def turns() -> int:
        server = Server(uvicorn.Config(nothing, port=0, lifespan="off", log_config=None))
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup()
        address = server.servers[0].sockets[0].getsockname()
        with ExitStack() as clients:
            for _ in range(coming):  # they stand in the kernel's queue before the loop has another turn
                clients.enter_context(socket.create_connection(address))
            passed = 0
            while len(server.server_state.connections) < coming:
                await asyncio.sleep(0)
                passed += 1
        await server.shutdown()
        return passed

    assert uvloop.run(turns()) < coming / 2
