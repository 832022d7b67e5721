"""Previews of files: keeping what was made, and finding it again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.catalogue.preview_shares import RULES
from core.jobs.ledger import enqueue
from core.kit.errors import NotFound
from schemas import picture_jobs
from schemas.catalogue import Asset, AssetPreview
from schemas.preview import Description, Outcome

SHOWN = (
    "poster.jpg",
    "cover.jpg",
    "page-2.jpg",
    "page-3.jpg",
    "page-4.jpg",
    "strip.jpg",
    "waveform.jpg",
)
"""The pictures that people see, the first of them in front. An icon says no more than the description."""
TEASER = "teaser.mp4"
SHOWABLE = (col(AssetPreview.rules) >= RULES, col(Asset.preview_choice) != "none")
"""Of a preview and its file: it was made by the rules of today, and its seller wants it to be seen."""
BATCH = 30
"""Previews made again at once, so that new files do not wait for those of before."""
FINAL: tuple[Outcome, ...] = ("made", "locked", "too-big", "too-large")
"""Outcomes that only another file, or another setting, changes."""
TRIES = 8  # after one that lacked memory: the pauses between them double, over a working day in all
FIRST_PAUSE = timedelta(minutes=2)


@dataclass(frozen=True)
class PreviewFace:
    """What a product card needs to know. `picture`: there is one in the store; `file_id`: at Telegram too.

    `teaser`: there are some silent seconds of a film beside it.
    """

    asset_id: UUID
    picture: bool
    file_id: str | None
    teaser: bool = False


@dataclass(frozen=True)
class PreviewView:
    """The preview of one file. `size` of the file in bytes; `file_ids` of its pictures, in order.

    `teaser_id` is that of its teaser, where there is one and Telegram knows it. `pictures` counts those in
    the store, `teaser` says whether there is one. `own`: all of this is of a sample that its seller sent.
    """

    asset_id: UUID
    name: str
    size: int
    outcome: Outcome
    description: Description
    file_ids: list[str]
    teaser_id: str | None = None
    pictures: int = 0
    teaser: bool = False
    own: bool = False


def record_preview(
    session: Session,
    asset_id: UUID,
    *,
    outcome: Outcome,
    reason: str,
    description: Description,
    pictures: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep a preview in the place of the earlier one, and have Telegram know its pictures (name: key)."""
    values = {
        "outcome": outcome,
        "reason": reason,
        # PostgreSQL's text knows no NUL; a hostile file does.
        "description": _without_nul(msgspec.to_builtins(description)),
        "pictures": {name: {"key": key} for name, key in pictures.items()},
        "made_at": now,
        "rules": RULES,
    }
    statement = insert(AssetPreview).values(asset_id=asset_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["asset_id"], set_=values))
    if any(name in pictures for name in SHOWN):
        enqueue(session, picture_jobs.PublishPreview(asset_id=asset_id))


def ask_later(session: Session, job: picture_jobs.MakePreview, *, now: datetime) -> bool:
    """Have a preview that lacked memory made again when there may be more; False after `TRIES`."""
    if job.tries >= TRIES:
        return False
    enqueue(session, job.later(), due_at=now + FIRST_PAUSE * 2**job.tries)
    return True


def ask_again(session: Session, *, failed: bool = False, made_before: datetime | None = None) -> int:
    """Have previews of accepted files made again; returns how many. A job that still waits is not doubled.

    `failed`: only those that are missing, partial, or failed by what another attempt may mend.
    `made_before`: only those made before.
    """
    statement = (
        select(Asset.id)
        .outerjoin(AssetPreview, col(AssetPreview.asset_id) == Asset.id)
        .where(Asset.status == "accepted")
        .order_by(col(Asset.created_at))
    )
    if failed:
        statement = statement.where(func.coalesce(AssetPreview.outcome, "late").not_in(FINAL))
    if made_before is not None:
        statement = statement.where(col(AssetPreview.made_at) < made_before)
    assets = session.exec(statement).all()
    for asset_id in assets:
        enqueue(session, picture_jobs.MakePreview(asset_id=asset_id).again())
    return len(assets)


def remake_withheld(session: Session) -> int:
    """Have some previews made again that are withheld, as they were made by earlier rules; how many."""
    statement = (
        select(Asset.id)
        .join(AssetPreview, col(AssetPreview.asset_id) == Asset.id)
        .where(Asset.status == "accepted", AssetPreview.rules < RULES, col(Asset.preview_choice) != "none")
        # One that cannot be made must not stand before all others forever.
        .order_by(func.random())
        .limit(BATCH)
    )
    assets = session.exec(statement).all()
    for asset_id in assets:
        enqueue(session, picture_jobs.MakePreview(asset_id=asset_id).again())
    return len(assets)


def withhold(session: Session, asset_id: UUID) -> None:
    """Show a preview nowhere until it was made again."""
    session.execute(update(AssetPreview).where(col(AssetPreview.asset_id) == asset_id).values(rules=0))


def forget_preview(session: Session, asset_id: UUID) -> None:
    """Keep no preview of a file."""
    session.execute(delete(AssetPreview).where(col(AssetPreview.asset_id) == asset_id))


def record_file_ids(
    session: Session, asset_id: UUID, file_ids: Mapping[str, str], *, made_at: datetime
) -> None:
    """Keep by which ids Telegram knows the pictures, unless the preview was made again meanwhile."""
    row = session.exec(select(AssetPreview).where(AssetPreview.asset_id == asset_id).with_for_update()).one()
    if row.made_at == made_at:
        row.pictures = {
            name: {**picture, "file_id": file_ids[name]} if name in file_ids else picture
            for name, picture in row.pictures.items()
        }
        session.add(row)


def faces(session: Session, product_ids: Collection[int]) -> dict[int, PreviewFace]:
    """The preview of each product: of its first file that has pictures, else of its first file with any."""
    statement = (
        select(Asset.product_id, Asset.id, AssetPreview.pictures)
        .join(AssetPreview, col(AssetPreview.asset_id) == Asset.id)
        .where(
            col(Asset.product_id).in_(product_ids),
            Asset.status == "accepted",
            AssetPreview.outcome != "unavailable",
            *SHOWABLE,
        )
        .order_by(col(Asset.position), col(Asset.created_at))
    )
    previews: dict[int, PreviewFace] = {}
    for product_id, asset_id, pictures in session.exec(statement):
        front = _front(pictures)
        if product_id not in previews or (front and not previews[product_id].picture):
            file_id = pictures[front].get("file_id") if front else None
            previews[product_id] = PreviewFace(asset_id, front is not None, file_id, TEASER in pictures)
    return previews


def preview_of(session: Session, asset_id: UUID) -> PreviewView:
    """The preview of a file. Raises `NotFound` where none was made."""
    statement = select(Asset.name, Asset.size, Asset.preview_choice, AssetPreview).join(
        AssetPreview, col(AssetPreview.asset_id) == Asset.id
    )
    row = session.exec(statement.where(Asset.id == asset_id, *SHOWABLE)).one_or_none()
    if row is None:
        raise NotFound("no-preview")
    name, size, choice, preview = row
    pictures = _shown(preview.pictures)
    file_ids = [preview.pictures[picture].get("file_id") for picture in pictures]
    return PreviewView(
        asset_id,
        name,
        size,
        preview.outcome,
        msgspec.convert(preview.description, Description),
        [file_id for file_id in file_ids if file_id],
        preview.pictures.get(TEASER, {}).get("file_id"),
        len(pictures),
        TEASER in preview.pictures,
        choice == "own",
    )


def picture_key(session: Session, asset_id: UUID, *, number: int = 0, teaser: bool = False) -> str:
    """The key of a picture, 0 is in front, or of the teaser, of a file on sale. Raises `NotFound`."""
    statement = select(AssetPreview.pictures).join(Asset, col(Asset.id) == AssetPreview.asset_id)
    pictures = session.exec(
        statement.where(AssetPreview.asset_id == asset_id, Asset.status == "accepted", *SHOWABLE)
    ).one_or_none()
    names = [TEASER] if teaser else _shown(pictures or {})[number : number + 1]
    if pictures is None or not names or names[0] not in pictures:
        raise NotFound("no-preview")
    return str(pictures[names[0]]["key"])


def _front(pictures: Mapping[str, object]) -> str | None:
    return next(iter(_shown(pictures)), None)


def _shown(pictures: Mapping[str, object]) -> list[str]:
    return [name for name in SHOWN if name in pictures]


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "�")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(item) for name, item in value.items()}
    return value
