"""`comptoir doctor` on servers that others may take over from, and on those that lost their place."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg.conninfo import conninfo_to_dict

from core.process.settings import Settings
from scripts.doctor import takeover
from scripts.doctor.finding import Finding
from scripts.embedded.pgbouncer import Mode, PgBouncer
from scripts.embedded.ports import free_port
from scripts.embedded.postgres import Postgres
from scripts.embedded.postgres_standby import PostgresStandby
from scripts.embedded.redis_replica import RedisReplica
from scripts.embedded.redis_server import RedisServer
from tests.support.servers import postgres_pair

Make = Callable[..., Settings]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postgres, PostgresStandby]]:
    with postgres_pair(tmp_path_factory.mktemp("pair")) as pair:
        yield pair


def of_database(settings: Settings) -> list[Finding]:
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        return list(takeover.standing(connection, settings))


def states(findings: list[Finding]) -> list[tuple[str, str]]:
    assert all(item.mend for item in findings if item.state != "ok"), findings
    return [(item.name, item.state) for item in findings]


def test_a_standby_fails_and_a_primary_with_one_is_well(
    pair: tuple[Postgres, PostgresStandby], settings: Make
) -> None:
    primary, standby = pair
    assert states(of_database(settings(database_url=standby.url))) == [("database writes", "fail")]
    (one_host,) = of_database(settings(database_url=primary.url))
    assert (one_host.state, "one host" in one_host.found) == ("ok", True)
    both = f"postgresql://comptoir@/comptoir?host={standby.sockets},{primary.sockets}"
    (two_hosts,) = of_database(settings(database_url=f"{both}&target_session_attrs=read-write"))
    assert "2 hosts are named" in two_hosts.found


def test_a_primary_whose_commits_wait_for_no_standby_is_warned_of(
    pair: tuple[Postgres, PostgresStandby], settings: Make
) -> None:
    primary, _ = pair
    loose = f"{primary.url}&options=-csynchronous_commit%3Don"
    with psycopg.connect(primary.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        connection.execute("SELECT pg_reload_conf()")
    try:
        assert states(of_database(settings(database_url=loose))) == [("database standby", "warn")]
    finally:
        with psycopg.connect(primary.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("SELECT pg_reload_conf()")


def test_a_server_that_takes_no_writes_fails(postgres: Postgres, settings: Make) -> None:
    url = f"{postgres.url_of('postgres')}&options=-cdefault_transaction_read_only%3Don"
    assert states(of_database(settings(database_url=url))) == [("database writes", "fail")]


@pytest.mark.parametrize(
    ("mode", "direct", "expected"),
    [
        ("session", "", ("ok", "session")),
        ("transaction", "", ("warn", "no backup")),
        ("transaction", "pooled", ("warn", "no backup")),
        ("transaction", "itself", ("ok", "past it")),
        ("transaction", "another", ("fail", "another database")),
    ],
)
def test_a_pooler_and_its_mode_are_told(
    postgres: Postgres,
    database_url: str,
    settings: Make,
    tmp_path: Path,
    mode: Mode,
    direct: str,
    expected: tuple[str, str],
) -> None:
    server = PgBouncer(postgres, tmp_path, mode)
    try:
        server.start()
        pooled = server.url_of(str(conninfo_to_dict(database_url)["dbname"]))
        directs = {"pooled": pooled, "itself": database_url, "another": postgres.url_of("postgres")}
        config = settings(database_url=pooled, direct_database_url=directs.get(direct, ""))
        (finding,) = takeover.pooler(config)
    finally:
        server.stop()
    assert (finding.state, expected[1] in finding.found) == (expected[0], True), finding
    assert finding.mend or finding.state == "ok"


def test_a_database_without_a_pooler_is_passed_over(database_url: str, settings: Make) -> None:
    assert list(takeover.pooler(settings(database_url=database_url))) == []
    assert list(takeover.pooler(settings(database_url="postgresql://a@127.0.0.1:1/none"))) == []


def of_redis(settings: Settings, url: str) -> list[tuple[str, str]]:
    with redis.Redis.from_url(url, decode_responses=True) as client:
        return states(list(takeover.redis_standing(client, settings)))


def test_a_replica_fails_and_its_primary_is_well(
    own_redis: RedisServer, tmp_path: Path, settings: Make
) -> None:
    assert of_redis(settings(redis_url=own_redis.url), own_redis.url) == []
    with RedisReplica(own_redis, tmp_path) as replica:
        assert of_redis(settings(redis_url=own_redis.url), own_redis.url) == [("redis replicas", "ok")]
        url = replica.server.url
        assert of_redis(settings(redis_url=url), url) == [("redis writes", "fail")]


def test_sentinels_that_do_not_answer_are_counted(redis_url: str, settings: Make) -> None:
    hosts = ",".join(f"127.0.0.1:{free_port()}" for _ in range(3))
    config = settings(redis_url=f"redis+sentinel://{hosts}/shop")
    assert of_redis(config, redis_url) == [("redis sentinels", "warn")]
