import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from core.kit.correlation import correlation
from core.kit.db import Database
from core.process.logs import HIDDEN, Redactor, configure_logs, secrets_of
from core.process.settings import Settings
from schemas.people import User

TOKEN = "A" * 21 + "_" + "b" * 21


@contextmanager
def own_logging() -> Iterator[None]:
    """Leaves all as it was. structlog's own defaults would draw the variables of each exception that a later
    test logs: seconds for an error of the database, and a minute once many statements are compiled.
    """
    root = logging.getLogger()
    handlers, level, configuration = root.handlers[:], root.level, structlog.get_config()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**configuration)


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    with own_logging():
        yield


def configured(given: Settings) -> io.StringIO:
    configure_logs(given, process="api")
    stream = io.StringIO()
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    return stream


def test_a_test_that_sets_up_logs_leaves_others_as_they_were(settings: Callable[..., Settings]) -> None:
    before = structlog.get_config()
    with own_logging():
        configured(settings())
        assert structlog.get_config() != before
    assert structlog.get_config() == before
    drawing = structlog.dev.ConsoleRenderer, structlog.dev.plain_traceback
    renderer = before["processors"][-1]
    assert (type(renderer), renderer.exception_formatter) == drawing


def test_our_events_and_a_librarys_come_out_alike(settings: Callable[..., Settings]) -> None:
    stream = configured(settings())
    token = correlation.set("0123456789ab")
    try:
        structlog.get_logger("ours").info("request", status=200)
        logging.getLogger("theirs").warning("connected to %s", "somewhere")
    finally:
        correlation.reset(token)
    ours, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (ours["event"], ours["status"], ours["logger"]) == ("request", 200, "ours")
    assert (theirs["event"], theirs["level"]) == ("connected to somewhere", "warning")
    assert ours["correlation_id"] == theirs["correlation_id"] == "0123456789ab"
    assert ours["process"] == "api"


def test_the_level_is_obeyed(settings: Callable[..., Settings]) -> None:
    stream = configured(settings(log_level="warning"))
    structlog.get_logger("ours").info("request")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_secret_is_printed_not_even_in_a_traceback(
    settings: Callable[..., Settings], log_format: str
) -> None:
    secret = "sup3r-s3cret-value"
    stream = configured(settings(log_format=log_format, bot_token=secret))
    try:
        raise RuntimeError(f"could not log in with {secret}")
    except RuntimeError:
        structlog.get_logger("ours").exception("login_failed", given={"token": [secret]})
        logging.getLogger("theirs").exception("failed with %s", secret)
    assert "RuntimeError" in stream.getvalue()
    assert secret not in stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        f"/d/{TOKEN}",
        f"GET /o/{TOKEN}/status",
        f"https://shop.example/mail/stop/{TOKEN}",
        f"Bearer cmt_{TOKEN}",
        f"/start c{TOKEN}",
        "1234567890:AAF-abcdefghijklmnopqrstuvwxyz0123456",
        "https://store/key?X-Amz-Signature=0123abcdef",
        "postgresql://shop:hunter2@db/shop",
        "redis://:hunter2@cache/0",
    ],
)
def test_what_looks_like_a_token_is_hidden(text: str) -> None:
    shown = Redactor([]).clean(text)
    assert HIDDEN in shown
    for secret in (TOKEN, "AAF-", "0123abcdef", "hunter2"):
        assert secret not in shown


def test_ordinary_words_stay() -> None:
    for text in ("/p/cours-de-couture", "order:12", "f3c0a1b2-0000-4000-8000-000000000000", "9.99 EUR"):
        assert Redactor(["secretsecret"]).clean(text) == text
    assert Redactor([]).clean({"ms": 1.5, "ok": True, "none": None}) == {"ms": 1.5, "ok": True, "none": None}


def test_the_secrets_are_the_settings_marked_so(settings: Callable[..., Settings]) -> None:
    found = secrets_of(settings(bot_token="a-bot-token", shop_name="A shop name"))
    assert "a-bot-token" in found
    assert "A shop name" not in found


def test_an_error_of_the_database_is_logged_without_what_it_quotes(
    settings: Callable[..., Settings], database: Database
) -> None:
    stream = configured(settings())
    try:
        with database.transaction() as session:
            session.add(User(telegram_id=47114711, name="Anna\nB."))
            session.flush()
            session.add(User(telegram_id=47114711, name="Anna\nB."))
            session.flush()
    except IntegrityError:
        structlog.get_logger("ours").exception("not_written")
        logging.getLogger("theirs").exception("not written")
    assert stream.getvalue().count("uq_person_telegram_id") >= 2
    assert "47114711" not in stream.getvalue()
    assert "Anna" not in stream.getvalue()
