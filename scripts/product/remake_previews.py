"""Makes previews at an operator's word: one here and now, or many by the workers."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from core.catalogue.preview_choice import source_of
from core.catalogue.previews import ask_again
from core.kit.rows import must_get
from schemas.base import utc_now
from schemas.catalogue import Asset
from scripts.terminal.console import CommandError, transaction
from scripts.terminal.context import load_settings
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.publish import keep, publish, wish_of
from workers.preview.source import FileSource, HttpSource, Source, make_pool
from workers.store import S3Store

SIGNED = 300  # seconds


def make_one(
    what: str, *, poster_only: bool, watermark: str, var: Path | None
) -> tuple[Preview, dict[str, str]]:
    """Make a preview of a file (of the shop by its id, of this machine, of an address); the keys it got."""
    wish = Wish("poster" if poster_only else "full", watermark, ffmpeg=find_ffmpeg())
    asset_id = _asset_id(what)
    if asset_id:
        return _remake(asset_id, wish, var)
    return make_preview(_source(what), wish), {}


def remake_many(var: Path | None, *, failed: bool, older_than: int | None) -> int:
    """Have workers make previews again; how many."""
    now = utc_now()
    with transaction(var) as session:
        return ask_again(
            session,
            failed=failed,
            made_before=now - timedelta(days=older_than) if older_than is not None else None,
        )


def report_of(preview: Preview) -> dict[str, Any]:
    """A preview's description and cost (bytes, seconds), without its pictures."""
    return {
        "outcome": preview.outcome,
        "reason": preview.reason,
        "type": preview.label,
        "size": preview.size,
        **msgspec.to_builtins(preview.cost),
        "pictures": {name: len(content) for name, content in preview.pictures.items()},
        "description": msgspec.to_builtins(preview.description),
    }


def _asset_id(what: str) -> UUID | None:
    try:
        return UUID(what)
    except ValueError:
        return None


def _source(what: str) -> Source:
    if what.startswith(("http://", "https://")):
        return HttpSource(lambda: what, make_pool())
    if not Path(what).is_file():
        raise CommandError(f"{what} is no file here, no http(s) address, and no id of a file of the shop.")
    return FileSource(Path(what))


def _remake(asset_id: UUID, wish: Wish, var: Path | None) -> tuple[Preview, dict[str, str]]:
    settings = load_settings(var)
    with transaction(var) as session:
        source = source_of(must_get(session, Asset, asset_id, "file-unknown"))
    if source is None:
        raise CommandError("Its seller wants no preview of this file to be shown.")
    key, own = source
    usual = wish_of(settings, own=own)
    wish = replace(wish, watermark=wish.watermark or usual.watermark, largest=usual.largest, own=own)
    store = S3Store(settings)
    preview = make_preview(HttpSource(lambda: store.sign_read(key, expires=SIGNED), make_pool()), wish)
    keys = publish(store, asset_id, preview)
    with transaction(var) as session:
        keep(session, asset_id, preview, keys, now=utc_now())
    return preview, keys
