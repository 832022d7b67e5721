"""Lets browsers upload to the store: its bucket and CORS rule are prepared once when the workers start."""

import logging
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from core.kit.errors import StoreUnavailable
from core.ports import ObjectStore
from core.process.settings import Settings

TELEGRAM_WEB = "https://web.telegram.org"
"""Where Telegram's web client lives; the Mini App runs in a frame of it."""

EXPOSED = ("ETag", "Content-Disposition", "Content-Range", "Accept-Ranges")

log = logging.getLogger(__name__)


def allow_browsers(store: ObjectStore, settings: Settings) -> None:
    """Make the bucket and allow the Mini App's pages to upload to it.

    Whatever the store answers, the workers go on; what keeps browsers out is logged.
    """
    try:
        still_refused = store.ensure_bucket(origins_of(settings))
    except StoreUnavailable as error:
        log.warning("The bucket %s could not be prepared: %s", settings.s3_bucket, error)
        return
    if still_refused:
        log.warning(
            "Browsers at %s cannot upload: the bucket %s does not let them in, and its key may not change "
            "that. Set the CORS rule of docs/guide.md, chapter Store, and start the workers again.",
            " and ".join(still_refused),
            settings.s3_bucket,
        )


def origins_of(settings: Settings) -> tuple[str, ...]:
    """The origins that upload: Telegram's web client, and the installation's own address where it has one."""
    if not settings.public_url:
        return (TELEGRAM_WEB,)
    address = urlsplit(settings.public_url)
    return (TELEGRAM_WEB, f"{address.scheme}://{address.netloc}")


def cors_rule(origins: tuple[str, ...]) -> bytes:
    """The body of PutBucketCors that lets pages of these origins send parts and read their ETags."""
    rules = "".join(f"<AllowedOrigin>{escape(origin)}</AllowedOrigin>" for origin in origins)
    methods = "".join(f"<AllowedMethod>{method}</AllowedMethod>" for method in ("GET", "HEAD", "PUT"))
    exposed = "".join(f"<ExposeHeader>{name}</ExposeHeader>" for name in EXPOSED)
    return (
        '<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule>'
        f"{rules}{methods}<AllowedHeader>*</AllowedHeader>{exposed}"
        "<MaxAgeSeconds>3600</MaxAgeSeconds></CORSRule></CORSConfiguration>"
    ).encode()
