"""Previews of files: jobs that make one and put it at Telegram, and the answer with a picture's address."""

from typing import Any

from core.catalogue.catalogue import check_visible
from core.catalogue.preview_choice import source_of
from core.catalogue.preview_shares import RULES
from core.catalogue.previews import (
    SHOWN,
    TEASER,
    ask_later,
    forget_preview,
    picture_key,
    record_file_ids,
    remake_withheld,
    withhold,
)
from core.kit.errors import StoreUnavailable
from core.kit.rows import must_get
from schemas import ephemeral_jobs, picture_jobs
from schemas.catalogue import Asset, AssetPreview
from workers.actors.pictures import PICTURE_LIMIT
from workers.preview.preview import Preview, make_preview, teaser_size
from workers.preview.protocol import TEASER_LIMIT
from workers.preview.publish import content_type_of, erase, keep, publish, wish_of
from workers.preview.source import HttpSource, make_pool
from workers.registry import actor, answers
from workers.run import Run
from workers.services import Services

READ_URL_LIFE = 300  # seconds; a longer look asks again
PICTURE_URL_LIFE = 3600


@actor(picture_jobs.MakePreview)
def make(run: Run, job: picture_jobs.MakePreview) -> None:
    """Make the preview of a file and keep it, whatever its outcome; a store that is away is tried again, and
    what lacked memory is made anew when there may be more."""
    with run.services.database.transaction() as session:
        asset = must_get(session, Asset, job.asset_id, "file-unknown")
    source = source_of(asset)
    if source is None:
        erase(run.services.store, job.asset_id)
        with run.effect() as session:
            forget_preview(session, job.asset_id)
        return
    key, own = source
    preview = preview_object(run.services, key, own=own)
    if preview.outcome == "unavailable" and run.services.store.head(key) is not None:
        raise StoreUnavailable(preview.reason)
    keys = publish(run.services.store, job.asset_id, preview)
    with run.effect() as session:
        keep(session, job.asset_id, preview, keys, now=run.now())
        if source_of(must_get(session, Asset, job.asset_id, "file-unknown")) != source:
            # Its seller chose anew meanwhile: another job makes that.
            withhold(session, job.asset_id)
        if preview.later:
            ask_later(session, job, now=run.now())


@actor(picture_jobs.PublishPreview)
def publish_preview(run: Run, job: picture_jobs.PublishPreview) -> None:
    """Put a preview's pictures at Telegram; a repeated attempt puts them there again, seen by nobody."""
    services = run.services
    with services.database.transaction() as session:
        row = session.get(AssetPreview, job.asset_id)
    if row is None or row.rules < RULES:
        return  # it is withheld, or gone
    file_ids: dict[str, str] = {}
    for name in SHOWN:
        if name in row.pictures:
            run.stop_if_cancelled()
            picture = services.store.read(row.pictures[name]["key"], limit=PICTURE_LIMIT)
            file_ids[name] = services.messenger.upload_picture(name, picture)
    if TEASER in row.pictures:
        run.stop_if_cancelled()
        teaser = services.store.read(row.pictures[TEASER]["key"], limit=TEASER_LIMIT)
        size = teaser_size(row.description["width"], row.description["height"])
        file_ids[TEASER] = services.messenger.upload_teaser(
            TEASER, teaser, size, max(1, round(row.description["teaser"]))
        )
    with run.effect() as session:
        record_file_ids(session, job.asset_id, file_ids, made_at=row.made_at)


@answers(ephemeral_jobs.PresignPreview)
def presign_preview(services: Services, job: ephemeral_jobs.PresignPreview) -> dict[str, Any]:
    """Sign the address of a preview's picture, or of its teaser, for whoever may see the product."""
    with services.database.transaction() as session:
        asset = must_get(session, Asset, job.asset_id, "no-preview")
        check_visible(session, asset.product_id, job.viewer_id)
        key = picture_key(session, job.asset_id, number=job.number, teaser=job.teaser)
    url = services.store.sign_download(
        key,
        file_name=key.rpartition("/")[2],
        content_type=content_type_of(key),
        expires=PICTURE_URL_LIFE,
    )
    return {"url": url}


@actor(picture_jobs.RemakePreviews)
def remake(run: Run, job: picture_jobs.RemakePreviews) -> None:
    """Have previews of earlier rules made again, a few at a time."""
    with run.effect() as session:
        remake_withheld(session)


def preview_object(services: Services, key: str, *, own: bool = False) -> Preview:
    """Make the preview of an object of the store, as the settings ask for it."""
    with make_pool() as pool:
        source = HttpSource(lambda: services.store.sign_read(key, expires=READ_URL_LIFE), pool)
        return make_preview(source, wish_of(services.settings, own=own))
