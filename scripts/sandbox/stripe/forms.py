"""Bodies of requests as Stripe reads them: forms with brackets, and multipart for files.

https://docs.stripe.com/api ("form-encoded request bodies"), https://docs.stripe.com/file-upload.
"""

import re
from email import policy
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

from scripts.sandbox.stripe.errors import invalid

Params = dict[str, Any]
KEY = re.compile(r"[^\[\]]+(\[[^\[\]]*\])*")


def decode(text: str) -> Params:
    """`a[b][0][c]=1&d[]=2` as objects and lists; every leaf is a text. Raises `StripeError`."""
    tree: Params = {}
    for key, leaf in parse_qsl(text, keep_blank_values=True, max_num_fields=1000):
        if not KEY.fullmatch(key):
            raise invalid("parameter_unknown", f"Received unknown parameter: {key}", key)
        _put(tree, [key.partition("[")[0], *re.findall(r"\[([^\[\]]*)\]", key)], leaf)
    return {name: _listed(branch) for name, branch in tree.items()}


def decode_multipart(kind: str, body: bytes) -> Params:
    """The fields of a multipart body as texts, its files as (name, bytes). `kind`: its Content-Type."""
    head = f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    fields: Params = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        filename = part.get_filename()
        fields[name] = (filename, content) if filename else content.decode()
    return fields


def _put(tree: Params, path: list[str], leaf: str) -> None:
    here = tree
    for place, part in enumerate(path):
        name = part or str(len(here))
        if place == len(path) - 1:
            here[name] = leaf
            return
        branch = here.setdefault(name, {})
        if not isinstance(branch, dict):
            raise invalid("parameter_invalid", f"Invalid object: {path[0]}", path[0])
        here = branch


def _listed(branch: Any) -> Any:
    if not isinstance(branch, dict):
        return branch
    parts = {name: _listed(part) for name, part in branch.items()}
    if parts and all(name.isdecimal() for name in parts):
        return [parts[name] for name in sorted(parts, key=int)]
    return parts
