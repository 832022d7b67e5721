"""Checks of PostgreSQL and Redis: do they answer, do they keep what they get, are they ours alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import redis

from core.jobs.heartbeat import GONE
from core.process.migrate import head_revision
from core.process.settings import Settings
from scripts.doctor.finding import Finding

CONNECT = 5  # seconds
OLDEST_POSTGRES = 14
SKEW = 5.0  # seconds; links, leases and signatures stand this much
# The beginnings of all our keys: the wire, answers, limits, Telegram's pace.
OURS = ("dramatiq", "answer:", "limit:", "guesses:", "dialog:", "telegram:")
LOOKED_AT = 500  # keys
LIVING = """
    SELECT count(DISTINCT queue_group) FROM worker_beat
    WHERE beat_at > clock_timestamp() - make_interval(secs => %s)
"""
# As core.people.people.admins has it; a bot may write only to people who have met it, and those have names.
ADMINS = """
    SELECT count(*) FROM person
    WHERE 'admin' = ANY (roles) AND NOT 'banned' = ANY (roles) AND blocked_at IS NULL AND name <> ''
"""
LAST_COPY = "SELECT clock_timestamp() - max(ended_at) FROM backup WHERE state = 'stored'"
COPY_EVERY = timedelta(hours=26)  # one is made each night, and takes its time
POLICY = "Set `maxmemory-policy noeviction` in redis.conf."


def database(settings: Settings) -> Iterator[Finding]:
    """Check version, migrations, clock, workers, admins and backups, over one connection."""
    try:
        connection = psycopg.connect(settings.database_url, connect_timeout=CONNECT, autocommit=True)
    except psycopg.Error as error:
        why = str(error).strip().partition("\n")[0]
        yield Finding("database", "fail", f"no connection: {why}", "Start PostgreSQL, or mend DATABASE_URL.")
        return
    with connection:
        version = connection.info.server_version // 10_000
        if version < OLDEST_POSTGRES:
            yield Finding(
                "database", "fail", f"PostgreSQL {version}", f"Upgrade it to {OLDEST_POSTGRES} or later."
            )
        else:
            yield Finding("database", "ok", f"PostgreSQL {version} answers")
        migrated = _migrations(connection)
        yield migrated
        yield _clock(connection)
        if migrated.state == "ok":
            yield _workers(connection)
            yield _admins(connection)
            yield _copies(connection, encrypted=bool(settings.backup_key))


def _migrations(connection: "psycopg.Connection[Any]") -> Finding:
    head = head_revision()
    present = None
    if _one(connection, "SELECT to_regclass('alembic_version')::text") is not None:
        present = _one(connection, "SELECT version_num FROM alembic_version")
    if present == head:
        return Finding("migrations", "ok", f"at {head}, as this code")
    if present is not None and present > head:
        mend = "A newer version of the code migrated it: start that one, or restore a backup."
        return Finding("migrations", "fail", f"at {present}, ahead of this code ({head})", mend)
    return Finding(
        "migrations", "fail", f"at {present or 'none'}, this code needs {head}", "comptoir migrate"
    )


def _clock(connection: "psycopg.Connection[Any]") -> Finding:
    before = datetime.now(UTC)
    theirs: datetime = _one(connection, "SELECT clock_timestamp()")
    here = before + (datetime.now(UTC) - before) / 2
    return clock("clock", "the database's", (theirs - here).total_seconds())


def clock(name: str, whose: str, seconds: float) -> Finding:
    """How far another clock is from ours, as a finding; positive seconds where theirs is ahead."""
    if abs(seconds) <= SKEW:
        return Finding(name, "ok", f"within {SKEW:g} s of {whose}")
    way = "behind" if seconds > 0 else "ahead of"
    mend = (
        "Let both machines follow NTP (timedatectl set-ntp true): links and payments end at the wrong time."
    )
    return Finding(name, "fail", f"this machine is {abs(seconds):.0f} s {way} {whose}", mend)


def _workers(connection: "psycopg.Connection[Any]") -> Finding:
    groups = int(_one(connection, LIVING, GONE))
    if groups == 3:
        return Finding("workers", "ok", "all three groups beat")
    mend = "Start them (`comptoir up`, or `python -m workers.main`) and look at their log."
    return Finding("workers", "warn", f"{groups} of 3 groups beat, so some jobs are not done", mend)


def _admins(connection: "psycopg.Connection[Any]") -> Finding:
    if _one(connection, ADMINS):
        return Finding("admins", "ok", "somebody is told when something is wrong")
    problem = "nobody is told when something is wrong: no admin has met the bot"
    mend = "comptoir admin add TELEGRAM_ID, and have that person write /start to the bot."
    return Finding("admins", "warn", problem, mend)


def _copies(connection: "psycopg.Connection[Any]", *, encrypted: bool) -> Finding:
    age = _one(connection, LAST_COPY)
    if age is None:
        mend = "comptoir backup makes one now; the workers make one every night."
        return Finding("backup", "warn", "the store holds no copy of the database", mend)
    if age > COPY_EVERY:
        mend = "comptoir queue jobs 'actor:make_backup' says why no newer one was made."
        return Finding("backup", "warn", f"the last copy is {age.total_seconds() / 3600:.0f} hours old", mend)
    if not encrypted:
        problem = "copies are not encrypted: whoever reads the bucket reads every order"
        return Finding("backup", "warn", problem, "comptoir backup key, and BACKUP_KEY in .env.")
    return Finding("backup", "ok", f"the last copy is {age.total_seconds() / 3600:.0f} hours old")


def channels(settings: Settings) -> list[tuple[int, str]]:
    """The Telegram ids and titles of the connected channels; none while the database does not answer."""
    try:
        with psycopg.connect(settings.database_url, connect_timeout=CONNECT) as connection:
            question = "SELECT telegram_id, title FROM channel WHERE state <> 'gone' ORDER BY id"
            return connection.execute(question).fetchall()
    except psycopg.Error:  # the check of the database says why
        return []


def _one(connection: "psycopg.Connection[Any]", question: LiteralString, *values: float) -> Any:
    row = connection.execute(question, values).fetchone()
    return row[0] if row else None


def redis_server(settings: Settings) -> Iterator[Finding]:
    """Check that Redis answers, forgets nothing, and holds nobody else's keys."""
    with redis.Redis.from_url(
        settings.redis_url, socket_connect_timeout=CONNECT, socket_timeout=CONNECT, decode_responses=True
    ) as client:
        try:
            version = str(client.info("server")["redis_version"])
        except redis.RedisError as error:
            yield Finding("redis", "fail", f"no connection: {error}", "Start Redis, or mend REDIS_URL.")
            return
        yield Finding("redis", "ok", f"Redis {version} answers")
        yield from _keeps(client)
        yield _own(client)


def _keeps(client: "redis.Redis") -> Iterator[Finding]:
    try:
        # One by one: before Redis 7 the command takes one name.
        settings: dict[Any, Any] = {}
        for setting in ("maxmemory-policy", "appendonly", "save"):
            settings |= client.config_get(setting)
    except redis.ResponseError:
        mend = f"A managed Redis hides them; check there that it persists. {POLICY}"
        yield Finding("redis memory", "warn", "its settings may not be read", mend)
        return
    policy = settings.get("maxmemory-policy", "")
    if policy == "noeviction":
        yield Finding("redis memory", "ok", "evicts nothing")
    else:
        problem = f"maxmemory-policy is {policy}: jobs on their way may vanish, and come a minute late"
        yield Finding("redis memory", "fail", problem, POLICY)
    if settings.get("appendonly") == "yes" or settings.get("save"):
        yield Finding("redis disk", "ok", "keeps what it holds over a restart")
    else:
        problem = "keeps nothing on disk: after a restart the pace of Telegram and limits begin anew"
        yield Finding("redis disk", "warn", problem, "Set `appendonly yes` in redis.conf.")


def _own(client: "redis.Redis") -> Finding:
    foreign = []
    for number, name in enumerate(client.scan_iter(count=LOOKED_AT)):
        if number >= LOOKED_AT:
            break
        if not name.startswith(OURS):
            foreign.append(name)
    if not foreign:
        return Finding("redis keys", "ok", "the database is ours alone")
    problem = f"holds keys that are not ours ({len(foreign)} of the first {LOOKED_AT})"
    mend = "Give the shop a database of its own: another number at the end of REDIS_URL."
    return Finding("redis keys", "warn", problem, mend)
