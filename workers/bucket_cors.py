"""The store's door for browsers: opened once when the workers start."""

import logging
from urllib.parse import urlsplit

from core.kit.errors import StoreUnavailable
from core.ports import ObjectStore
from core.process.settings import Settings

TELEGRAM_WEB = "https://web.telegram.org"
"""Where Telegram's web client lives; the Mini App runs in a frame of it."""

log = logging.getLogger(__name__)


def open_to_browsers(store: ObjectStore, settings: Settings) -> None:
    """Make the bucket and let the Mini App's pages in. Whatever the store says, the workers go on."""
    try:
        shut_out = store.ensure_bucket(origins_of(settings))
    except StoreUnavailable as error:
        log.warning("The bucket %s could not be prepared: %s", settings.s3_bucket, error)
        return
    if shut_out:
        log.warning(
            "Browsers at %s cannot upload: the bucket %s does not let them in, and its key may not change "
            "that. Set the CORS rule of docs/guide.md, chapter Store, and start the workers again.",
            " and ".join(shut_out),
            settings.s3_bucket,
        )


def origins_of(settings: Settings) -> tuple[str, ...]:
    """Telegram's web client, and the shop's own address where it has one."""
    if not settings.public_url:
        return (TELEGRAM_WEB,)
    address = urlsplit(settings.public_url)
    return (TELEGRAM_WEB, f"{address.scheme}://{address.netloc}")
