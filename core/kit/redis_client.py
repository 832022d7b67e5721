"""Clients of Redis that follow it when another server takes over.

A server that was primary and is a replica now still answers, and refuses every write (READONLY). Others are
still loading (LOADING), have lost their cluster (CLUSTERDOWN) or their primary (MASTERDOWN). In none of these
has the command been done, so the connection is closed, and the next one goes wherever the address, or
Sentinel, leads by then. redis-py does so for the errors that its `Retry` is given; it does not for what
scripts of Redis before 7 say, which begins with other words.
"""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.asyncio.sentinel import Sentinel as AsyncSentinel
from redis.asyncio.sentinel import SentinelConnectionPool as AsyncSentinelPool
from redis.backoff import AbstractBackoff, NoBackoff
from redis.exceptions import ClusterDownError, MasterDownError, ReadOnlyError, ResponseError
from redis.retry import Retry
from redis.sentinel import Sentinel

# BusyLoadingError is a ConnectionError.
ELSEWHERE = (ReadOnlyError, ClusterDownError, MasterDownError)
BROKEN = (redis.ConnectionError, *ELSEWHERE)
IN_SCRIPT = "-READONLY "  # "Error running script (call to f_…): @user_script: 9: -READONLY You can't write …"
SENTINEL = ("redis+sentinel", "rediss+sentinel")
SENTINEL_PORT = 26379

T = TypeVar("T")


class Watched(NamedTuple):
    """A Redis that Sentinels watch (https://redis.io/docs/latest/develop/reference/sentinel-clients/)."""

    sentinels: list[tuple[str, int]]
    name: str
    options: dict[str, Any]  # of connections to Redis
    sentinel_options: dict[str, Any]


class FollowingRetry(Retry):
    """Tries again on a new connection where a server no longer takes writes."""

    def call_with_retry(self, do: Callable[[], T], *rest: Any, **options: Any) -> T:
        """As redis-py's own."""

        def translated() -> T:
            try:
                return do()
            except ResponseError as error:
                if _of_replica(error):
                    raise ReadOnlyError(str(error)) from None
                raise

        return super().call_with_retry(translated, *rest, **options)


class AsyncFollowingRetry(AsyncRetry):
    """The same on an event loop."""

    async def call_with_retry(self, do: Callable[[], Awaitable[T]], *rest: Any, **options: Any) -> T:
        """As redis-py's own."""

        async def translated() -> T:
            try:
                return await do()
            except ResponseError as error:
                if _of_replica(error):
                    raise ReadOnlyError(str(error)) from None
                raise

        return await super().call_with_retry(translated, *rest, **options)


def open_redis(
    url: str,
    *,
    timeout: float,
    retries: int,
    backoff: AbstractBackoff | None = None,
    retry_timeouts: bool = True,
    **options: Any,
) -> "redis.Redis":
    """A client of the Redis at this address; it connects when it is used.

    `timeout` in seconds, to connect and to read; after an error a command is tried `retries` times more.
    """
    errors = (*BROKEN, redis.TimeoutError) if retry_timeouts else BROKEN
    retry = FollowingRetry(backoff or NoBackoff(), retries, errors)
    options |= {"socket_timeout": timeout, "socket_connect_timeout": timeout, "retry": retry}
    watched = read_sentinel_url(url)
    if watched is None:
        return redis.Redis.from_url(url, **options)
    # Sentinels are asked one after the other: one that is away should not be waited for twice.
    asking = dict.fromkeys(("socket_timeout", "socket_connect_timeout"), timeout)
    asking_once = {**asking, "retry": Retry(NoBackoff(), 0), **watched.sentinel_options}
    sentinel = Sentinel(watched.sentinels, sentinel_kwargs=asking_once)  # type: ignore[no-untyped-call]
    client: redis.Redis = sentinel.master_for(  # type: ignore[no-untyped-call]
        watched.name, **options, **watched.options
    )
    return client


def open_async_redis(
    url: str, *, timeout: float, connect_timeout: float, retries: int, **options: Any
) -> "redis.asyncio.Redis":
    """The same for an event loop; `connect_timeout` for the connection alone."""
    retry = AsyncFollowingRetry(NoBackoff(), retries, (*BROKEN, redis.TimeoutError))
    options |= {"socket_timeout": timeout, "socket_connect_timeout": connect_timeout, "retry": retry}
    watched = read_sentinel_url(url)
    if watched is None:
        return redis.asyncio.Redis.from_url(url, **options)
    asking = dict.fromkeys(("socket_timeout", "socket_connect_timeout"), connect_timeout)
    asking_once = {**asking, "retry": AsyncRetry(NoBackoff(), 0), **watched.sentinel_options}
    sentinel = AsyncSentinel(  # type: ignore[no-untyped-call]
        watched.sentinels, sentinel_kwargs=asking_once
    )
    client: redis.asyncio.Redis = sentinel.master_for(
        watched.name, connection_pool_class=_WatchedPool, **options, **watched.options
    )
    return client


class _WatchedPool(AsyncSentinelPool):
    """Connections to the primary; closed, it closes those to the Sentinels too, which redis-py forgets."""

    async def disconnect(self, inuse_connections: bool = True) -> None:
        await super().disconnect(inuse_connections)
        if inuse_connections:
            for sentinel in self.sentinel_manager.sentinels:
                await sentinel.aclose()


def read_sentinel_url(url: str) -> Watched | None:
    """What `redis+sentinel://user:password@host:port,host:port/name/database` says; None for other addresses.

    User and password are those of Redis; the Sentinels' own are `?sentinel_password=…&sentinel_username=…`.
    With `rediss+sentinel://` both are reached by TLS. Raises `ValueError` where a host or the name lacks.
    """
    parts = urlsplit(url)
    if parts.scheme not in SENTINEL:
        return None
    login, _, hosts = parts.netloc.rpartition("@")
    name, _, database = parts.path.strip("/").partition("/")
    if not hosts or not name:
        raise ValueError("expected redis+sentinel://host:26379,host:26379/NAME, NAME as Sentinel knows it")
    user, _, password = login.partition(":")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    common: dict[str, Any] = {"ssl": True} if parts.scheme.startswith("rediss") else {}
    options = {"username": unquote(user), "password": unquote(password), "db": int(database or 0)}
    own = {"username": query.get("sentinel_username"), "password": query.get("sentinel_password")}
    return Watched(
        [_place(host) for host in hosts.split(",")],
        unquote(name),
        common | {key: option for key, option in options.items() if option},
        common | {key: option for key, option in own.items() if option},
    )


def _place(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("expected a host between two commas")
    return parts.hostname, parts.port or SENTINEL_PORT


def _of_replica(error: ResponseError) -> bool:
    """Whether a script was refused a write; by its class where it is not told by Redis before 7."""
    return type(error) is ResponseError and IN_SCRIPT in str(error)
