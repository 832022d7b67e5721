"""The real application, as a browser reaches it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from litestar import Litestar
from litestar.testing import TestClient
from redis.asyncio import Redis

from api.app import route, with_shop
from api.context import AppContext
from api.miniapp import BUILT
from core.jobs.push import Pusher
from core.kit.db import Database
from core.process.settings import Settings

IPN_SECRET = "ipn-secret-of-the-tests"
Client = TestClient[Litestar]
route_once = cache(route)


@contextmanager
def serving(settings: Settings, database: Database) -> Iterator[Client]:
    """A client of the application with these settings; redirects are not followed."""
    pusher = Pusher(settings.redis_url)
    database.after_commit = pusher.flush
    client = Redis.from_url(settings.redis_url, socket_connect_timeout=0.5)
    app = make_app(settings, database, client)
    app.on_shutdown.append(client.aclose)
    with TestClient(app, base_url="https://shop.example", raise_server_exceptions=False) as test_client:
        test_client.follow_redirects = False
        yield test_client
    pusher.close()


def make_app(settings: Settings, database: Database, redis: Redis) -> Litestar:
    """What `api.app.create_app` makes, in a thirtieth of its time: the routes are made once."""
    routes = route_once(settings.shop_name, settings.mini_app_dir or BUILT)
    app = Litestar([], openapi_config=None, logging_config=None)
    app.routes = routes.routes
    return with_shop(app, routes.asgi_handler, AppContext(settings, database, redis))
