"""Files for benchmarks and tests, really in the store: made in no time, sent as fast as it takes them."""

import os

from core.process.settings import Settings
from core.uploads.part_plan import plan_upload
from workers.store import S3Store


def store_file(settings: Settings, key: str, size: int, content_type: str = "application/zip") -> None:
    """Put an object of `size` random bytes into the store, which could press others together."""
    store = S3Store(settings)
    plan = plan_upload(size)
    upload_id = store.multipart.begin(key, content_type)
    parts = plan.parts()
    etags = [store.multipart.put_bytes(key, upload_id, part.number, os.urandom(part.size)) for part in parts]
    store.multipart.complete(key, upload_id, etags)
