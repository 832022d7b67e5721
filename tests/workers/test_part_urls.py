"""Addresses of parts: signed as Amazon's own example is, and honoured by a real store."""

import os
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import urllib3

from workers.part_urls import sign_length
from workers.store import S3Store

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
BY_MINIO = (
    "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=old"
)


def test_the_length_and_nothing_else_changes_what_is_signed() -> None:
    first, again, other = (sign_length(BY_MINIO, SECRET, length) for length in (1000, 1000, 1001))
    assert first == again
    query, others = (parse_qs(urlsplit(url).query) for url in (first, other))
    assert query.pop("X-Amz-Signature") != others.pop("X-Amz-Signature")
    assert query == others
    assert query["X-Amz-SignedHeaders"] == ["content-length;host"]
    assert urlsplit(first)[:3] == urlsplit(BY_MINIO)[:3]


@pytest.mark.parametrize("name", ["file.bin", "é clé + 1~(2)'*.bin", "100%.bin"])
def test_a_store_takes_the_signed_length_alone(s3: S3Store, name: str) -> None:
    key = f"uploads/{uuid4()}/{name}"
    upload_id = s3.multipart.begin(key, "text/plain")
    url = s3.sign_part(key, upload_id, 1, length=1000, expires=60)
    for length in (0, 999, 1001, 3_000_000):
        assert urllib3.request("PUT", url, body=os.urandom(length), retries=False).status == 403
    assert urllib3.request("PUT", url, body=iter([os.urandom(1000)]), retries=False).status == 403
    assert s3.multipart.list_parts(key, upload_id) == {}
    assert urllib3.request("PUT", url, body=os.urandom(1000), retries=False).status == 200
    assert {number: part.size for number, part in s3.multipart.list_parts(key, upload_id).items()} == {
        1: 1000
    }
