"""Addresses by which a browser sends one part of exactly one length.

minio-py signs the host alone, so that an address takes a body of any length. Here the length is signed as
well (Signature Version 4, query parameters, with `content-length` among the signed headers), and a store
that checks signatures refuses another one before it reads a byte.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

import hashlib
import hmac
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
HEADERS = "content-length;host"


def sign_length(url: str, secret_key: str, length: int) -> str:
    """The address of a PUT, signed by minio-py, signed anew for a body of `length` bytes."""
    address = urlsplit(url)
    query = dict(parse_qsl(address.query, keep_blank_values=True))
    del query["X-Amz-Signature"]
    query["X-Amz-SignedHeaders"] = HEADERS
    canonical_query = urlencode(sorted(query.items()), quote_via=quote, safe="-_.~")
    request = (
        f"PUT\n{address.path}\n{canonical_query}\n"
        f"content-length:{length}\nhost:{address.netloc}\n\n{HEADERS}\nUNSIGNED-PAYLOAD"
    )
    _access_key, scope = query["X-Amz-Credential"].split("/", 1)
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = f"{ALGORITHM}\n{query['X-Amz-Date']}\n{scope}\n{digest}"
    signature = _hmac(_signing_key(secret_key, scope), text).hex()
    return address._replace(query=f"{canonical_query}&X-Amz-Signature={signature}").geturl()


def _signing_key(secret_key: str, scope: str) -> bytes:
    key = f"AWS4{secret_key}".encode()
    for part in scope.split("/"):  # date, region, "s3", "aws4_request"
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
