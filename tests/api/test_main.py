"""The API's process: what it does to itself before it serves."""

import asyncio
import gc
import threading

import uvicorn

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
