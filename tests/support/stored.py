"""Objects in the tests' store, and settings that reach it."""

from dataclasses import dataclass

from core.process.settings import Settings
from scripts.embedded.store import Store
from scripts.embedded.store_cluster import StoreCluster
from tests.support.rclone_store import RcloneStore
from workers.store import S3Store


@dataclass(frozen=True)
class StoredFile:
    """An object by its key and its size in bytes."""

    key: str
    size: int


def reaching(store: Store | StoreCluster | RcloneStore) -> Settings:
    """Settings for nothing but this store."""
    return Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none",
        redis_url="redis://127.0.0.1:1/0",
        s3_endpoint=store.url,
        s3_bucket=store.bucket,
        s3_region=store.region,
        s3_access_key=store.keys.access,
        s3_secret_key=store.keys.secret,
    )


def content_of(store: Store, key: str) -> bytes:
    """All bytes of an object."""
    return b"".join(S3Store(reaching(store)).chunks(key))
