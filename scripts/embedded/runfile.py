"""The files by which a running stack is found in its folder, and the lock that keeps a second one out."""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from scripts.embedded.process import StackError, open_private
from scripts.embedded.store_access import StoreKeys, make_keys

RUN = "run.json"
ENVIRONMENT = "environment.json"
SECRETS = "secrets.json"


def lock(var: Path) -> IO[bytes]:
    """Become the only stack in this folder while the file is open. Raises `StackError` when there is one."""
    var.mkdir(mode=0o755, parents=True, exist_ok=True)
    for folder in (path for path in var.iterdir() if path.is_dir() and path.stat().st_uid == os.getuid()):
        folder.chmod(0o700)  # an earlier version left some open to all
    file = open_private(var / "lock")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise StackError(
            f"A stack already runs in {var}. Stop it, or give another folder with --var."
        ) from None
    return file


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace the file in one step; only its owner can read it."""
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    new.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """The content of a file that `write_json` wrote; empty when there is no such file."""
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return dict(content)


def own_secrets(var: Path) -> tuple[StoreKeys, str]:
    """The store's keys and LINK_SECRET of this folder, made at the first start and kept."""
    var.mkdir(mode=0o755, parents=True, exist_ok=True)
    path = var / SECRETS
    saved = read_json(path)
    if not saved:
        keys = make_keys()
        saved = {"access": keys.access, "secret": keys.secret, "link": secrets.token_hex(32)}
        write_json(path, saved)
    return StoreKeys(saved["access"], saved["secret"]), saved["link"]
