"""Keeps a preview: its pictures in the store at `previews/{asset}/…` (A41), and a row in the database."""

import io
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from core.catalogue.previews import SHOWN, TEASER, record_preview
from core.ports import ObjectStore
from core.process.settings import Settings
from workers.preview.preview import Preview, Wish
from workers.preview.program import find_ffmpeg


def preview_key(asset_id: UUID, name: str) -> str:
    """The key of one picture of a preview in the store."""
    return f"previews/{asset_id}/{name}"


def content_type_of(name: str) -> str:
    """The content type of a preview's picture, by its name."""
    return "video/mp4" if name.endswith(".mp4") else "image/jpeg"


def wish_of(settings: Settings, *, own: bool = False) -> Wish:
    """What the settings ask of previews; `own` samples of sellers are marked by nobody else."""
    watermark = settings.shop_name if settings.preview_watermark and not own else ""
    return Wish(watermark=watermark, largest=settings.preview_max_bytes, ffmpeg=find_ffmpeg(), own=own)


def publish(store: ObjectStore, asset_id: UUID, preview: Preview) -> dict[str, str]:
    """Store the pictures in the places of the earlier ones, of which none is left. Returns name: key."""
    keys: dict[str, str] = {}
    for name, content in preview.pictures.items():
        keys[name] = preview_key(asset_id, name)
        store.upload(keys[name], io.BytesIO(content), len(content), content_type_of(name))
    for name in {*SHOWN, TEASER} - set(keys):
        store.delete(preview_key(asset_id, name))
    return keys


def erase(store: ObjectStore, asset_id: UUID) -> None:
    """Delete the pictures of a preview."""
    for name in (*SHOWN, TEASER):
        store.delete(preview_key(asset_id, name))


def keep(
    session: Session, asset_id: UUID, preview: Preview, keys: Mapping[str, str], *, now: datetime
) -> None:
    """Write down what a preview came to, and where its pictures are."""
    record_preview(
        session,
        asset_id,
        outcome=preview.outcome,
        reason=preview.reason,
        description=preview.description,
        pictures=keys,
        now=now,
    )
