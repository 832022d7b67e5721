"""Turns the errors of an S3 store into errors of ours, with advice for the operator.

The library's own messages hold signed addresses, so they are never passed on.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import HTTPError

from core.kit.errors import StoreUnavailable

FULL = ("HTTP 507", "XMinioStorageFull", "InsufficientStorage", "QuotaExceeded", "InsufficientCapacity")
"""What stores say that have no room left. SeaweedFS says InternalError, as of any other failure."""


class StoreRefused(StoreUnavailable):
    """The store answered with an S3 error `code`; often a matter of keys, bucket or a pause."""

    def __init__(self, what: str, code: str) -> None:
        super().__init__(f"The store refused to {what}: {code}. {_advice(code)}")
        self.code = code


@contextmanager
def store_errors(what: str) -> Iterator[None]:
    """Turn the errors of minio-py and urllib3 inside the block into `StoreUnavailable`."""
    try:
        yield
    except S3Error as error:
        raise StoreRefused(what, error.code or "unknown") from None
    except InvalidResponseError as error:
        # A store that calls its XML text/xml (rclone) lands here.
        raise StoreRefused(what, error_code(str(error))) from None
    except ServerError as error:
        raise StoreRefused(what, f"HTTP {error.status_code}") from None
    except HTTPError as error:
        reason = getattr(error, "reason", None) or error
        raise StoreUnavailable(
            f"The store did not answer when asked to {what} ({type(reason).__name__}). "
            "Check S3_ENDPOINT and that the store runs."
        ) from None


def error_code(text: str) -> str:
    """Read the code of an S3 error document (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)."""
    match = re.search(r"<Code>(\w+)</Code>", text)
    return match[1] if match else "unknown"


def _advice(code: str) -> str:
    if code in FULL:
        return "Its disk or its quota is full: give it room, and what waits goes on."
    if code in ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
        return "Check S3_ACCESS_KEY, S3_SECRET_KEY and S3_REGION."
    if code == "NoSuchBucket":
        return "Make the bucket, or check S3_BUCKET."
    return "Try again; if it lasts, look into the store's log."
