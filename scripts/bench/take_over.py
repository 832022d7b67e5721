"""Faults of a shop that stands on several servers: another one takes over, or a pooler comes in between."""

import time
from collections.abc import Callable
from functools import partial

import psycopg

from scripts.bench.running_stack import RunningStack
from scripts.embedded.pgbouncer import Mode, PgBouncer
from scripts.embedded.postgres import Postgres
from scripts.embedded.postgres_standby import PostgresStandby
from scripts.embedded.process import StackError
from scripts.embedded.redis_replica import RedisReplica
from scripts.embedded.redis_server import RedisServer

UNTOLD = 1.0  # seconds of writes that the Redis which takes over has never seen
READ_ONLY = 3.0  # seconds for which PostgreSQL's address leads to a standby that is yet to be promoted
# In session mode each connection of ours keeps one of the server's: as many as all processes may open.
POOLED: dict[Mode, int] = {"session": 90, "transaction": 20}
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'comptoir\\_%'"


def promote_redis(system: RunningStack) -> None:
    """Let a replica take the place of Redis, without the last writes. The old one goes on as its replica."""
    primary = system.stack.parts["redis"]
    if not isinstance(primary, RedisServer):
        raise StackError("This needs the embedded Redis. Remove REDIS_URL from the environment.")
    replica = system.beside.enter_context(RedisReplica(primary, system.stack.var / "redis-replica"))
    replica.leave()
    time.sleep(UNTOLD)
    replica.take_over()


def promote_postgres(system: RunningStack) -> None:
    """Kill PostgreSQL for good, and promote a standby that its commits have waited for."""
    primary = _postgres(system)
    standby = PostgresStandby(primary, system.stack.var / "postgres-standby")
    system.beside.callback(standby.stop)
    standby.start()
    system.stack.lose("postgres")
    standby.take_over()
    time.sleep(READ_ONLY)
    standby.promote()
    system.database.dispose()


def pool_postgres(system: RunningStack, mode: Mode) -> None:
    """Put PgBouncer in front of PostgreSQL, at its address; all processes connect anew, and so through it."""
    postgres = _postgres(system)
    pooler = PgBouncer(postgres, system.stack.var / f"pgbouncer-{mode}", mode, connections=POOLED[mode])
    system.beside.callback(pooler.stop)
    pooler.start()
    direct = pooler.come_between()
    with psycopg.connect(direct, autocommit=True) as connection:
        connection.execute(CUT)
    system.database.dispose()


def _postgres(system: RunningStack) -> Postgres:
    postgres = system.stack.parts["postgres"]
    if not isinstance(postgres, Postgres):
        raise StackError("This needs the embedded PostgreSQL. Remove DATABASE_URL from the environment.")
    return postgres


TAKE_OVERS: dict[str, Callable[[RunningStack], None]] = {
    "redis-promoted": promote_redis,
    "postgres-promoted": promote_postgres,
    "pgbouncer-session": partial(pool_postgres, mode="session"),
    "pgbouncer-transaction": partial(pool_postgres, mode="transaction"),
}
