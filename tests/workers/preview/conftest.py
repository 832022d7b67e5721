"""What preview tests share: connections that are closed, and files as the real store serves them."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import urllib3

from workers.preview.source import HttpSource, make_pool
from workers.store import S3Store


@pytest.fixture
def pool() -> Iterator[urllib3.PoolManager]:
    """Connections, closed at the end."""
    with make_pool() as pool:
        yield pool


@pytest.fixture
def stored(s3: S3Store, pool: urllib3.PoolManager) -> Callable[[bytes | Path], HttpSource]:
    """Put a file into the store, and read it from there by its signed address."""

    def put(content: bytes | Path) -> HttpSource:
        data = content.read_bytes() if isinstance(content, Path) else content
        key = f"uploads/1/{uuid4()}/file"
        s3.upload(key, BytesIO(data), len(data), "application/octet-stream")
        return HttpSource(lambda: s3.sign_read(key, expires=300), pool)

    return put
