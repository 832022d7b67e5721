"""Jobs about product pictures."""

from core.kit.rows import must_get
from schemas import picture_jobs
from schemas.catalogue import Product
from workers.registry import actor
from workers.run import Run

PICTURE_LIMIT = 10_000_000
"""Bytes; a photo is at most 10 MB (https://core.telegram.org/bots/api#sendphoto)."""


@actor(picture_jobs.PublishPicture)
def publish_picture(run: Run, job: picture_jobs.PublishPicture) -> None:
    """Put a picture at Telegram once, so that the bot can send it by its file id.

    A larger object is refused by its size, unread.
    """
    with run.services.database.transaction() as session:
        picture_key = must_get(session, Product, job.product_id, "product-unknown").picture_key
    if picture_key is None:
        return
    picture = run.services.store.read(picture_key, limit=PICTURE_LIMIT)
    file_id = run.services.messenger.upload_picture(picture_key.rpartition("/")[2], picture)
    with run.effect() as session:
        product = must_get(session, Product, job.product_id, "product-unknown", lock=True)
        if product.picture_key == picture_key:
            product.picture_file_id = file_id
            session.add(product)
