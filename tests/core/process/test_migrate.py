"""The migrations and the tables say the same, forwards and back."""

from uuid import UUID, uuid4

import psycopg
from alembic import command
from sqlalchemy import inspect
from sqlmodel import SQLModel

from core.kit.db import Database
from core.process.migrate import config_for, head_revision, upgrade
from scripts.embedded.postgres import Postgres
from tests.support.servers import make_database


def _at(revision: str, server: Postgres) -> str:
    """The address of a new database as it was at a revision."""
    url = make_database(server, f"migrate_{uuid4().hex}")
    upgrade(url, revision)
    return url


def test_migrations_give_exactly_the_tables_of_the_code_and_can_be_undone(postgres: Postgres) -> None:
    url = _at("head", postgres)
    upgrade(url)  # twice is once
    command.check(config_for(url))  # raises when the tables and the migrations differ
    with psycopg.connect(url) as connection:
        assert connection.execute("select version_num from alembic_version").fetchall() == [
            (head_revision(),)
        ]
    assert SQLModel.metadata.tables
    command.downgrade(config_for(url), "base")
    database = Database(url)
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.dispose()


def test_references_that_are_there_already_survive_the_rule_of_one_spelling(postgres: Postgres) -> None:
    url = _at("0014", postgres)
    payment = (
        "insert into payment (id, order_id, rail, provider_id, status, currency, amount, details, "
        "created_at) "
        "values (gen_random_uuid(), %s, %s, %s, 'pending', 'EUR', 1, '{}', now() + %s * interval '1 day')"
    )
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")  # rows without those that they name
        rows = [("manual", "TX 1"), ("manual", "tx\u200b1"), ("manual", "\u200b"), ("stars", "TX1")]
        for place, (rail, name) in enumerate(rows):
            connection.execute(payment, (place, rail, name, place))
        connection.execute("insert into access_code (plan_id, code, created_at) values (1, 'UN MOT', now())")
    upgrade(url)
    with psycopg.connect(url) as connection:
        kept = connection.execute("select reference from payment order by order_id").fetchall()
        assert kept == [("tx1",), (None,), (None,), (None,)]
        assert connection.execute("select code from access_code").fetchall() == [("UNMOT",)]


def test_who_acted_by_a_token_is_told_by_its_number_afterwards(postgres: Postgres) -> None:
    url = _at("0024", postgres)
    token = (
        "insert into access_token (id, name, role, token_hash, created_at, revoked_at) values "
        "(%s, %s, 'admin', decode(md5(random()::text), 'hex'), now() - interval '9 days', "
        "now() - %s * interval '1 day')"
    )
    awa, old, new = (UUID(int=number) for number in (1, 2, 3))
    acts = ["token:Awa's laptop", "token:shared", "token:gone", f"token:{awa}", "user:7", "cli", "token:"]
    with psycopg.connect(url) as connection:
        for number, name, ended in ((awa, "Awa's laptop", None), (old, "shared", 5), (new, "shared", None)):
            connection.execute(token, (number, name, ended))
        for days, actor in [(1, each) for each in acts] + [(6, "token:shared")]:
            connection.execute(
                "insert into queue_act (verb, filter, actor, options, matched, changed, begun_at) "
                "values ('retry', '', %s, '{}', 1, 1, now() - %s * interval '1 day')",
                (actor, days),
            )
        connection.execute(
            "insert into queue_pause (queue, paused_by, paused_at) values ('bulk', %s, now())", acts[:1]
        )
        connection.execute(
            "insert into blocked_file (sha256, reason, added_by, created_at) values ('a', '', %s, now())",
            acts[:1],
        )
    upgrade(url)
    command.downgrade(config_for(url), "0024")  # what was turned stays so
    upgrade(url)
    with psycopg.connect(url) as connection:
        actors = [row[0] for row in connection.execute("select actor from queue_act order by id")]
        others = "select paused_by from queue_pause union all select added_by from blocked_file"
        assert connection.execute(others).fetchall() == [(f"token:{awa}",)] * 2
    numbers = [f"token:{awa}", f"token:{new}", "token:unknown", f"token:{awa}", "user:7", "cli"]
    assert actors == [*numbers, "token:unknown", "token:unknown"], "of the last either may have been it"


def test_who_ticked_cards_without_an_active_account_takes_none_afterwards(postgres: Postgres) -> None:
    url = _at("0034", postgres)
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")  # rows without those that they name
        for seller_id, state in ((1, None), (2, "incomplete"), (3, "active")):
            connection.execute(
                "insert into seller (id, user_id, name, status, rails, created_at) "
                "values (%s, %s, 'Shop', 'approved', '{stars,card}', now())",
                (seller_id, seller_id),
            )
            if state:
                connection.execute(
                    "insert into stripe_account (seller_id, livemode, state, missing, created_at) "
                    "values (%s, false, %s, '{}', now())",
                    (seller_id, state),
                )
    upgrade(url)
    with psycopg.connect(url) as connection:
        rows = connection.execute("select rails from seller order by id").fetchall()
    assert rows == [(["stars"],), (["stars"],), (["stars", "card"],)]


def test_prices_stay_when_a_rail_takes_several_currencies_and_the_first_when_it_no_longer_does(
    postgres: Postgres,
) -> None:
    url = _at("0045", postgres)
    price = "insert into price (product_id, rail, currency, amount) values (1, %s, %s, %s)"
    prices = [("card", "EUR", 999), ("stars", "XTR", 500), ("card", "USD", 1100)]

    def write(connection: psycopg.Connection, rows: list[tuple[str, str, int]]) -> None:
        connection.execute("set session_replication_role = replica")  # rows without those that they name
        for row in rows:
            connection.execute(price, row)

    def kept(connection: psycopg.Connection) -> list[tuple[object, ...]]:
        return connection.execute("select rail, currency, amount from price order by id").fetchall()

    with psycopg.connect(url) as connection:
        write(connection, prices[:2])
    upgrade(url)
    with psycopg.connect(url) as connection:
        write(connection, prices[2:])
        assert kept(connection) == prices
    command.downgrade(config_for(url), "0045")
    with psycopg.connect(url) as connection:
        assert kept(connection) == prices[:2]
    upgrade(url)
