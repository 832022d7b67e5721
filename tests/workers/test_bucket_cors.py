"""Whether the Mini App's pages may send parts to the store, found out when the workers start."""

import logging
from collections.abc import Callable, Iterator

import pytest

from core.process.settings import Settings
from scripts.embedded.ports import free_port
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from tests.support.rclone_store import RcloneStore
from workers.bucket_cors import allow_browsers, origins_of
from workers.store import S3Store

SHOP = "https://shop.example"


@pytest.fixture(scope="module")
def narrow_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RcloneStore]:
    """A server that lets in pages of the shop only, and has no CORS of single buckets."""
    folder = tmp_path_factory.mktemp("narrow")
    with RcloneStore(folder / "data", folder / "log", make_keys(), origin=SHOP) as server:
        yield server


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "workers.bucket_cors"]


def at(store: Store | RcloneStore, make: Callable[..., Settings], **overrides: str) -> Settings:
    keys = {"s3_access_key": store.keys.access, "s3_secret_key": store.keys.secret}
    place = {"s3_endpoint": store.url, "s3_bucket": store.bucket, "s3_region": store.region}
    return make(**(place | keys | {"public_url": f"{SHOP}/comptoir"} | overrides))


def test_pages_of_telegram_and_of_the_shop_are_let_in(settings: Callable[..., Settings]) -> None:
    assert origins_of(settings(public_url=f"{SHOP}/comptoir")) == ("https://web.telegram.org", SHOP)
    assert origins_of(settings()) == ("https://web.telegram.org",)


def test_a_store_that_lets_all_pages_in_is_nothing_to_speak_of(
    store: Store, settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture
) -> None:
    own_settings = at(store, settings)
    with caplog.at_level(logging.WARNING):
        allow_browsers(S3Store(own_settings), own_settings)

    assert warnings(caplog) == []


def test_a_page_that_is_shut_out_is_named_with_what_to_do(
    narrow_store: RcloneStore, settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture
) -> None:
    own_settings = at(narrow_store, settings)
    allow_browsers(S3Store(own_settings), own_settings)

    (warning,) = warnings(caplog)
    assert warning.startswith("Browsers at https://web.telegram.org cannot upload")
    assert "docs/guide.md" in warning


@pytest.mark.parametrize("wrong", ["key", "address"])
def test_a_store_that_refuses_or_is_away_stops_nothing(
    store: Store, settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    changed = {
        "key": {"s3_secret_key": make_keys().secret},
        "address": {"s3_endpoint": f"http://127.0.0.1:{free_port()}"},
    }
    own_settings = at(store, settings, **changed[wrong])
    allow_browsers(S3Store(own_settings), own_settings)

    (warning,) = warnings(caplog)
    assert warning.startswith("The bucket comptoir could not be prepared")
    assert "X-Amz" not in warning
