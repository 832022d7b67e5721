"""Checks of PostgreSQL and Redis: do they answer, do they keep what they get, are they ours alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import redis

from core.jobs.heartbeat import GONE
from core.kit.redis_client import open_redis
from core.monitoring.bot_beat import SILENT
from core.process import redis_keys
from core.process.migrate import head_revision
from core.process.settings import Settings
from schemas.contracts import QUEUES
from scripts.doctor.finding import Finding
from scripts.doctor.takeover import redis_standing, standing

CONNECT = 5  # seconds
OLDEST_POSTGRES = 14
SKEW = 5.0  # seconds; links, leases and signatures stand this much
LOOKED_AT = 500  # keys
LIVING = """
    SELECT coalesce(array_agg(DISTINCT queue), '{}')
    FROM worker_beat, jsonb_array_elements_text(queues) AS queue
    WHERE beat_at > clock_timestamp() - make_interval(secs => %s)
"""
SILENCE = "SELECT clock_timestamp() - max(beat_at) FROM bot_beat"
# As core.people.people.admins has it; a bot may write only to people who have met it, and those have names.
ADMINS = """
    SELECT count(*) FROM person
    WHERE 'admin' = ANY (roles) AND NOT 'banned' = ANY (roles) AND blocked_at IS NULL AND name <> ''
"""
TOO_STRONG = """
    SELECT rolsuper, rolcreatedb, rolcreaterole,
           has_schema_privilege('public', 'CREATE')
               OR pg_has_role((SELECT relowner FROM pg_class WHERE oid = 'audit_entry'::regclass), 'MEMBER'),
           has_table_privilege('audit_entry', 'DELETE') OR has_any_column_privilege('audit_entry', 'UPDATE')
               OR has_table_privilege('audit_seal', 'INSERT, UPDATE, DELETE')
    FROM pg_roles WHERE rolname = current_user
"""
QUESTIONS = """
    SELECT count(*), greatest(
        clock_timestamp() - min(asked_at) FILTER (WHERE isfinite(asked_at)), interval '0'
    )
    FROM support_question WHERE state = 'open'
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
        yield from standing(connection, settings)
        migrated = _migrations(connection)
        yield migrated
        yield _clock(connection)
        if migrated.state == "ok":
            yield _role(connection)
            yield _workers(connection)
            yield _bot(connection)
            yield _admins(connection)
            yield _questions(connection, timedelta(seconds=settings.support_answer_within))
            yield _copies(connection, encrypted=bool(settings.backup_key))


def _role(connection: "psycopg.Connection[Any]") -> Finding:
    """Whether the application's role may do more than work with rows."""
    strong = connection.execute(TOO_STRONG).fetchone()
    assert strong is not None, "it is one row"
    names = ("is a superuser", "may make databases", "may make roles", "owns or may make tables")
    rights = [name for name, has in zip((*names, "may change the audit log"), strong, strict=True) if has]
    if not rights:
        return Finding("database role", "ok", "works with rows alone, and cannot change the audit log")
    mend = (
        "Set OWNER_DATABASE_URL to this role, DATABASE_URL and AUDIT_DATABASE_URL to roles of other names, "
        "and run comptoir migrate (docs/runbook.md, Roles of the database)."
    )
    return Finding("database role", "warn", f"the role of DATABASE_URL {', '.join(rights)}", mend)


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
    served: list[str] = _one(connection, LIVING, GONE)
    deserted = [queue for queue in QUEUES if queue not in served]
    if not deserted:
        return Finding("workers", "ok", "every queue is served")
    mend = "Start them (`comptoir up`, or `python -m workers.main`) and look at their log."
    problem = f"nobody serves {', '.join(deserted)}: these jobs wait"
    return Finding("workers", "warn", problem, mend)


def _bot(connection: "psycopg.Connection[Any]") -> Finding:
    """By what the bot says of itself; Telegram's own answer about its token is another check."""
    silence = _one(connection, SILENCE)
    mend = "Start it (`comptoir up`, or `python -m bot.main`) and look at its log."
    if silence is None:
        return Finding("bot at work", "warn", "no bot runs, so nobody in Telegram is answered", mend)
    if silence > SILENT:
        problem = f"has been silent for {silence.total_seconds():.0f} s: it hangs, or was killed"
        return Finding("bot at work", "warn", problem, mend)
    return Finding("bot at work", "ok", "beats")


def _admins(connection: "psycopg.Connection[Any]") -> Finding:
    if _one(connection, ADMINS):
        return Finding("admins", "ok", "somebody is told when something is wrong")
    problem = "nobody is told when something is wrong: no admin has met the bot"
    mend = "comptoir admin add TELEGRAM_ID, and have that person write /start to the bot."
    return Finding("admins", "warn", problem, mend)


def _questions(connection: "psycopg.Connection[Any]", within: timedelta) -> Finding:
    row: tuple[int, timedelta | None] | None = connection.execute(QUESTIONS).fetchone()
    assert row is not None, "it is one row"
    count, oldest = row
    if not count:
        return Finding("support", "ok", "no question waits for an answer")
    waits = f"{count} open, the oldest for {(oldest or timedelta()).total_seconds() / 3600:.1f} hours"
    if oldest is None or oldest <= within:
        return Finding("support", "ok", waits)
    problem = f"{waits}: longer than SUPPORT_ANSWER_WITHIN ({within.total_seconds() / 3600:g} hours)"
    mend = "comptoir support list, then answer or close them there, or in the bot by /support."
    return Finding("support", "warn", problem, mend)


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
    with open_redis(settings.redis_url, timeout=CONNECT, retries=0, decode_responses=True) as client:
        try:
            version = str(client.info("server")["redis_version"])
        except redis.RedisError as error:
            yield Finding("redis", "fail", f"no connection: {error}", "Start Redis, or mend REDIS_URL.")
            return
        yield Finding("redis", "ok", f"Redis {version} answers")
        yield from redis_standing(client, settings)
        yield from _keeps(client)
        yield _own(client)


def _keeps(client: "redis.Redis") -> Iterator[Finding]:
    try:
        # One by one: before Redis 7 the command takes one name.
        settings: dict[Any, Any] = {}
        for setting in ("maxmemory-policy", "appendonly", "save"):
            settings |= client.config_get(setting)
    except redis.ResponseError:
        mend = f"A managed Redis hides them; check there. {POLICY}"
        yield Finding("redis memory", "warn", "its settings may not be read", mend)
        return
    policy = settings.get("maxmemory-policy", "")
    if policy == "noeviction":
        yield Finding("redis memory", "ok", "evicts nothing")
    else:
        problem = f"maxmemory-policy is {policy}: jobs on their way may vanish, and come a minute late"
        yield Finding("redis memory", "fail", problem, POLICY)
    if settings.get("appendonly") == "yes" or settings.get("save"):
        problem = "writes to its disk what passes through it, signed addresses of files among it"
        yield Finding("redis disk", "warn", problem, 'Set `appendonly no` and `save ""` in redis.conf.')
    else:
        yield Finding("redis disk", "ok", "keeps nothing on disk: jobs are in the ledger")


def _own(client: "redis.Redis") -> Finding:
    foreign = []
    for number, name in enumerate(client.scan_iter(count=LOOKED_AT)):
        if number >= LOOKED_AT:
            break
        if not name.startswith(redis_keys.ALL):
            foreign.append(name)
    if not foreign:
        return Finding("redis keys", "ok", "the database is ours alone")
    problem = f"holds keys that are not ours ({len(foreign)} of the first {LOOKED_AT})"
    mend = "Give the shop a database of its own: another number at the end of REDIS_URL."
    return Finding("redis keys", "warn", problem, mend)
