"""Product pictures: the job that puts one at Telegram, and the answer with an address to see it at."""

from typing import Any

from core.catalogue.catalogue import check_visible
from core.kit.errors import NotFound
from core.kit.rows import must_get
from core.uploads.file_types import UNTYPED
from schemas import ephemeral_jobs, picture_jobs
from schemas.catalogue import Product
from schemas.uploads import Upload
from workers.registry import actor, answers
from workers.run import Run
from workers.services import Services

PICTURE_LIMIT = 10_000_000
"""Bytes; a photo is at most 10 MB (https://core.telegram.org/bots/api#sendphoto)."""
PICTURE_URL_LIFE = 3600  # seconds


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


@answers(ephemeral_jobs.PresignPicture)
def presign_picture(services: Services, job: ephemeral_jobs.PresignPicture) -> dict[str, Any]:
    """Sign the address of a product's present picture, for whoever may see the product."""
    with services.database.transaction() as session:
        upload = must_get(session, Upload, job.upload_id, "upload-unknown")
        product = check_visible(session, upload.product_id, job.viewer_id)
    if upload.state != "accepted" or product.picture_key != upload.key:
        raise NotFound("upload-unknown")
    kind = upload.found_type or UNTYPED
    url = services.store.sign_download(
        upload.key, file_name=upload.name, content_type=kind, expires=PICTURE_URL_LIFE
    )
    return {"url": url}
