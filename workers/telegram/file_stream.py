"""Streams a file from Telegram into the store, one part in memory at a time."""

from collections.abc import Callable

from core.kit.errors import Permanent
from core.ports import UploadLost
from core.uploads.part_plan import UploadPlan
from workers.services import Services

CHUNK = 1 << 20
"""Bytes that Telegram gives at once (core.telegram.org/api/files#downloading-files); parts are whole MiB."""


def stream_into_store(
    services: Services,
    *,
    file_id: str,
    plan: UploadPlan,
    key: str,
    store_id: str,
    between: Callable[[], None],
    look: Callable[[bytes], object],
) -> list[str]:
    """Send the parts that the store lacks and return the ETags of all, in order.

    `between` is called before each part, `look` with the first part before that is sent; both may raise.
    Raises `Permanent` when Telegram does not give the
    file or gives less of it, `UploadLost` when the store forgot the upload.
    """
    multipart = services.store.multipart
    stored_parts = multipart.list_parts(key, store_id)
    etags = []
    for part in plan.parts():
        between()
        stored = stored_parts.get(part.number)
        if stored is not None and stored.size == part.size:
            etags.append(stored.etag)
            continue
        block = services.messenger.read_file(file_id, part.offset // CHUNK, -(-part.size // CHUNK))
        if len(block) != part.size:
            raise Permanent(f"Telegram gave {len(block)} of {part.size} bytes of part {part.number}.")
        if part.offset == 0:
            look(block)
        etags.append(multipart.put_bytes(key, store_id, part.number, block))
        del block  # before the next part comes
    if len(etags) != plan.count:
        raise UploadLost("The store holds other parts than were sent. Start again.")
    return etags
