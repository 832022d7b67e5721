"""The files that a small host is shown, and the dashboard that is open meanwhile."""

import os
import pty
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from PIL import Image
from sqlalchemy import text

from core.catalogue.products import add_asset
from core.kit.names import object_key
from core.kit.rows import must_get
from schemas.base import utc_now
from schemas.catalogue import Product
from scripts.bench.memory_group import MemoryGroup
from scripts.bench.preview_files import make_clip, write_pdf
from scripts.bench.running_stack import RunningStack
from scripts.bench.sales import draft
from scripts.embedded.process import PROJECT, base_environment, wait_until
from workers.store import S3Store

PREVIEWS = 20
SIDE = 7_700  # pixels of a WebP that is 237 MB when it is decoded
LARGE, FILM = "large.webp", "film.mp4"
KINDS = {".webp": "image/webp", ".mp4": "video/mp4", ".jpg": "image/jpeg", ".pdf": "application/pdf"}
PAGE = b"BT /F 11 Tf 50 780 Td (A page of text) Tj ET"


def show_files(system: RunningStack, count: int, seconds: float) -> int:
    """Upload so many files (2 at least) and wait for their previews; the product that has them."""
    product_id = draft(system.database)
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name:
        for path in _files(Path(name), count):
            _add(system, product_id, path)
    wait_until(lambda: len(outcomes(system, product_id)) >= count, seconds, "previews were missing")
    return product_id


def outcomes(system: RunningStack, product_id: int) -> dict[str, str]:
    """What the preview of each file came to, by the file's name."""
    query = text(
        "SELECT name, outcome FROM asset_preview JOIN asset ON asset.id = asset_id WHERE product_id = :id"
    )
    with system.database.engine.connect() as connection:
        rows = connection.execute(query, {"id": product_id})
        return {str(name): str(outcome) for name, outcome in rows}


def _files(folder: Path, count: int) -> list[Path]:
    """A large WebP, a film, and photos and documents in turn."""
    Image.new("RGB", (SIDE, SIDE), "orange").save(folder / LARGE, quality=1, method=0)
    make_clip(folder).rename(folder / FILM)
    for number in range(count - 2):
        if number % 2:
            with (folder / f"text-{number}.pdf").open("wb") as file:
                write_pdf(file, [PAGE] * 50, None)
        else:
            Image.effect_noise((3000, 2000), 64).convert("RGB").save(folder / f"photo-{number}.jpg")
    return sorted(folder.iterdir())


def _add(system: RunningStack, product_id: int, path: Path) -> None:
    key, size, kind = object_key(1, uuid4(), path.name), path.stat().st_size, KINDS[path.suffix]
    with path.open("rb") as file:
        S3Store(system.stack.settings).upload(key, file, size, kind)
    with system.database.transaction() as session:
        add_asset(
            session,
            must_get(session, Product, product_id, "product-unknown"),
            key=key,
            name=path.name,
            size=size,
            content_type=kind,
            sha256="0" * 64,
            now=utc_now(),
        )


@contextmanager
def dashboard(var: Path, group: MemoryGroup | None) -> Iterator[None]:
    """The dashboard of `comptoir queue`, open in a terminal of its own, in the group too.

    Raises `RuntimeError` where it did not stay open.
    """
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scripts.cli", "queue", "--read-only", "--var", str(var)]
    join = ["sh", "-c", 'echo $$ > "$0/cgroup.procs"; exec "$@"', str(group.folder)] if group else []
    process = subprocess.Popen(
        [*join, *command],
        cwd=PROJECT,
        env=base_environment() | {"TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    threading.Thread(target=_drain, args=(ours,), daemon=True).start()
    try:
        yield
        if process.poll() is not None:
            raise RuntimeError(f"the dashboard ended with code {process.returncode}")
    finally:
        process.kill()
        process.wait()


def _drain(terminal: int) -> None:
    try:
        while os.read(terminal, 1 << 16):
            continue
    except OSError:  # its other end is closed
        return
    finally:
        os.close(terminal)
