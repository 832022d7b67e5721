"""Private parts of minio-py that the store leans on (docs/private-seams.md)."""

import inspect
from typing import Any

import pytest
from minio import Minio
from minio.datatypes import Part

CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("_create_multipart_upload", ("bucket", "key", {"Content-Type": "text/plain"}), {}),
    ("_list_parts", ("bucket", "key", "upload"), {"max_parts": 1, "part_number_marker": "1"}),
    ("_abort_multipart_upload", ("bucket", "key", "upload"), {}),
    ("_list_multipart_uploads", ("bucket",), {"prefix": "key"}),
    ("_execute", ("PUT", "bucket"), {"body": b"", "headers": {}, "query_params": {"cors": ""}}),
]


@pytest.mark.parametrize(("name", "arguments", "keywords"), CALLS, ids=[name for name, _, _ in CALLS])
def test_the_calls_of_a_multipart_upload_are_there_as_we_call_them(
    name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]
) -> None:
    signature = inspect.signature(getattr(Minio, name))
    signature.bind(None, *arguments, **keywords)


def test_a_part_has_number_etag_and_size() -> None:
    part = Part(3, "etag")
    assert (part.part_number, part.etag, part.size) == (3, "etag", None)
