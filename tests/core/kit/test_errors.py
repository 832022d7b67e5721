"""What errors say, and which decision each of them asks for."""

import pytest
from sqlalchemy import Connection

from core.jobs.retries import describe
from core.kit.db import Database, driver
from core.kit.errors import (
    ChannelGone,
    Explained,
    NotFound,
    Permanent,
    Refused,
    RetryAfter,
    RightsMissing,
    without_values,
)


def test_a_refusal_says_its_code_and_what_fills_the_blanks() -> None:
    assert str(Refused("too-many", {"most": 3})) == "refused: too-many {'most': 3}"
    assert str(NotFound("order-unknown")) == "refused: order-unknown"


def test_an_explained_refusal_carries_facts_for_machines() -> None:
    error = Explained("upload-too-large", {"most": 5}, size=7, limit=5)
    assert (error.code, error.details, error.facts) == (
        "upload-too-large",
        {"most": 5},
        {"size": 7, "limit": 5},
    )


def test_a_wait_says_how_long_and_why() -> None:
    assert str(RetryAfter(1.5, "flood wait")) == "retry after 1.5 s: flood wait"


def test_no_retry_mends_a_channel_that_is_gone_or_lacks_rights() -> None:
    assert issubclass(ChannelGone, Permanent)
    error = RightsMissing(("ban_users", "invite_users"))
    assert isinstance(error, Permanent)
    assert str(error) == "the bot lacks rights in the channel: ban_users, invite_users"


WORDS = "Anna B.\nher second line"
SECRET = "s3cret"


@pytest.mark.parametrize(
    ("statement", "value", "kept"),
    [
        ("INSERT INTO person (telegram_id, name) VALUES (5, %s)", WORDS, "violates not-null constraint"),
        (
            "INSERT INTO seller (user_id, name, status, rails, created_at)"
            " VALUES (99887766, %s, 'approved', '{}', now())",
            WORDS,
            "violates foreign key constraint",
        ),
        (
            "INSERT INTO schedule (name, actor, cron, time_zone, catch_up, paused, since)"
            " SELECT %s, 'a', 'b', 'c', 'd', false, now() FROM generate_series(1, 2)",
            WORDS,
            "violates unique constraint",
        ),
        ("SELECT %s::text::int", SECRET, "invalid input syntax"),
        ("SELECT CAST(%s AS bigint)", SECRET, "invalid input syntax"),
        ("SELECT CAST(%s AS bigint)", "99887766" * 4, "out of range"),
        ("SELECT CAST(%s AS jsonb)", '{"a": s3cret', "invalid input syntax"),
        ("SELECT CAST(%s AS uuid)", SECRET, "invalid input syntax"),
        ("SELECT CAST(%s AS timestamptz)", SECRET, "invalid input syntax"),
        ("SELECT CAST(%s AS text[])", "{" + SECRET, "malformed array"),
        ("SELECT CAST(%s AS varchar(3))::int", SECRET, "invalid input syntax"),
        ("SELECT nowhere FROM person WHERE name = %s", WORDS, "does not exist"),
    ],
)
def test_errors_of_the_database_show_no_value_neither_by_sqlalchemy_nor_by_the_driver(
    database: Database, statement: str, value: str, kept: str
) -> None:
    texts = []
    for run in (_by_sqlalchemy, _by_the_driver):
        with database.engine.connect() as connection, pytest.raises(Exception, match=kept) as caught:
            run(connection, statement, value)
        fault = describe(caught.value)
        texts += [without_values(str(caught.value)), fault.message, fault.traceback]
    for text in texts:
        assert kept in text
        for part in ("Anna", "second line", SECRET, "s3c", "99887766"):
            assert part not in text.replace(statement, "")


def _by_sqlalchemy(connection: Connection, statement: str, value: str) -> None:
    connection.exec_driver_sql(statement, (value,))


def _by_the_driver(connection: Connection, statement: str, value: str) -> None:
    driver(connection).execute(statement.encode(), (value,))
