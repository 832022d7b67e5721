"""What stores answer about parts, read with care: ETags of all shapes, and refusals that pass.

An ETag is the store's own affair (RFC 9110, section 8.8.3): the MD5 of a part on many stores, something else
where parts are encrypted, and weakened on its way by a proxy that compresses.
"""

import re

MD5 = re.compile(r"[0-9a-f]{32}")
PASSING = ("InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout", "OperationAborted")
"""Codes that mean "send it again" (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)."""


PAUSES = (0.5, 2.0)
"""Seconds before a part, or a completion, is tried again."""


def plain_etag(text: str) -> str:
    """An ETag without its quotes and without the mark of a weak one."""
    return text.strip().removeprefix("W/").strip('"')


def is_md5(etag: str) -> bool:
    """Whether an ETag has the shape of an MD5."""
    return MD5.fullmatch(etag) is not None
