"""Checks of what stands behind the addresses of PostgreSQL and Redis: replicas, poolers, Sentinels."""

from collections.abc import Iterator
from typing import Any

import psycopg
import redis
from psycopg.conninfo import conninfo_to_dict

from core.kit.connections import address, pooling
from core.kit.redis_client import Watched, open_redis, read_sentinel_url
from core.process.database_roles import RolesError, direct_of
from core.process.settings import Settings
from scripts.doctor.finding import Finding

ASK = 2.0  # seconds for one Sentinel
STATE = """
    SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
           (SELECT count(*) FROM pg_stat_replication),
           current_setting('synchronous_standby_names') <> ''
"""


def standing(connection: "psycopg.Connection[Any]", settings: Settings) -> Iterator[Finding]:
    """Whether this PostgreSQL takes writes, and who would take over."""
    row = connection.execute(STATE).fetchone()
    assert row is not None, "it is one row"
    in_recovery, reads_only, standbys, waits = row
    if in_recovery:
        mend = (
            "Name the primary, or all hosts: postgresql://user:password@one,two/name, of which the one that "
            "takes writes is used. If the primary is lost, promote this one: SELECT pg_promote()."
        )
        yield Finding("database writes", "fail", "DATABASE_URL leads to a standby: nothing can be sold", mend)
    elif reads_only:
        mend = (
            "Look at default_transaction_read_only, and at the disk: a full one makes some services set it."
        )
        yield Finding("database writes", "fail", "the server takes no writes", mend)
    elif standbys:
        yield _standbys(settings, standbys, waits)


def _standbys(settings: Settings, standbys: int, waits: bool) -> Finding:
    hosts = len(str(conninfo_to_dict(address(settings.database_url, "")).get("host") or "").split(","))
    ways = f"{hosts} hosts are named" if hosts > 1 else "one host is named, which must then lead to it"
    what = f"{standbys} copies this one and may take over; {ways}"
    if waits:
        return Finding("database standby", "ok", f"{what}; commits wait for it")
    mend = "Set synchronous_standby_names (docs/scaling.md, Failing over), or accept the loss."
    return Finding("database standby", "warn", f"{what}, without the last commits: they wait for none", mend)


def pooler(settings: Settings) -> Iterator[Finding]:
    """What is between us and PostgreSQL. Where nothing answers, the check of the database says so."""
    try:
        kind = pooling(settings.database_url)
    except psycopg.OperationalError:
        return
    if kind == "none":
        return
    if kind == "session":
        what = "a pooler in session mode: each connection of ours keeps one of the server's"
        yield Finding("database pooler", "ok", what)
        return
    what = "a pooler in transaction mode; nothing is prepared"
    mend = "Set DIRECT_DATABASE_URL, and OWNER_DATABASE_URL where it is set, to PostgreSQL itself."
    if not settings.direct_database_url:
        yield Finding("database pooler", "warn", f"{what}, and no backup can be made through it", mend)
        return
    try:
        direct = pooling(direct_of(settings))
    except RolesError as error:
        yield Finding("database pooler", "fail", str(error), mend)
        return
    if direct == "transaction":
        problem = f"{what}, and DIRECT_DATABASE_URL leads to one as well: no backup can be made"
        yield Finding("database pooler", "warn", problem, mend)
    else:
        yield Finding("database pooler", "ok", f"{what}, and backups go past it")


def redis_standing(client: "redis.Redis", settings: Settings) -> Iterator[Finding]:
    """Whether this Redis takes writes, who would take over, and who decides it."""
    mode = client.info("server").get("redis_mode", "standalone")
    if mode == "sentinel":
        mend = "Set REDIS_URL=redis+sentinel://host:26379,host:26379/NAME, NAME as Sentinel knows the Redis."
        yield Finding("redis writes", "fail", "REDIS_URL leads to a Sentinel, which holds nothing", mend)
        return
    if mode == "cluster":
        mend = "Give the shop a Redis that is none, with a replica and Sentinels if it should fail over."
        yield Finding(
            "redis writes", "fail", "REDIS_URL leads to a cluster: our keys do not go together", mend
        )
        return
    replication = client.info("replication")
    if replication["role"] != "master":
        primary = f"{replication.get('master_host')}:{replication.get('master_port')}"
        problem = f"REDIS_URL leads to a replica of {primary}, which takes no writes"
        mend = "Name the primary, by a name that moves with it or by Sentinels (redis+sentinel://)."
        yield Finding("redis writes", "fail", problem, mend)
    watched = read_sentinel_url(settings.redis_url)
    if watched is not None:
        yield _sentinels(watched)
    elif replication.get("connected_slaves"):
        what = f"{replication['connected_slaves']} may take over; REDIS_URL must then lead to it"
        yield Finding("redis replicas", "ok", what)


def _sentinels(watched: Watched) -> Finding:
    count = len(watched.sentinels)
    answering = sum(_answers(host, port, watched.sentinel_options) for host, port in watched.sentinels)
    what = f"{answering} of {count} Sentinels answer"
    if answering > count // 2 and count > 2:
        return Finding("redis sentinels", "ok", what)
    mend = "A fail-over takes the word of most: run three, on three machines, and name each in REDIS_URL."
    return Finding("redis sentinels", "warn", what, mend)


def _answers(host: str, port: int, options: dict[str, Any]) -> bool:
    scheme = "rediss" if options.get("ssl") else "redis"
    login = {name: value for name, value in options.items() if name != "ssl"}
    with open_redis(f"{scheme}://{host}:{port}", timeout=ASK, retries=0, **login) as sentinel:
        try:
            return bool(sentinel.ping())
        except redis.RedisError:
            return False
