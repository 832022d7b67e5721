"""The job that takes a file which a seller sent to the bot."""

from collections.abc import Mapping

from core.kit.errors import Permanent, RetryAfter
from core.kit.rows import must_get
from core.kit.texts import Param
from core.ports import UploadLost
from core.uploads.file_types import HEAD, Unfit, check_head
from core.uploads.parts import complete, plan_of
from core.uploads.telegram_files import begin_again
from core.uploads.verdicts import refuse
from schemas import jobs
from schemas.uploads import Upload
from workers.actors.upload_parts import begin_at_store
from workers.registry import actor
from workers.run import Run
from workers.telegram.file_stream import stream_into_store


@actor(jobs.TakeTelegramFile)
def take_telegram_file(run: Run, job: jobs.TakeTelegramFile) -> None:
    """Stream a file from Telegram into its upload; parts that the store has are not fetched again."""
    with run.services.database.transaction() as session:
        upload = must_get(session, Upload, job.upload_id, "upload-unknown")
    if upload.state != "open" or upload.telegram_file_id is None:
        return
    try:
        etags = _stream(run, upload, upload.telegram_file_id)
    except UploadLost:
        with run.services.database.transaction() as session:
            begin_again(session, upload.id)
        raise RetryAfter(1, "The store forgot the parts that it had") from None
    except Permanent:
        _refuse(run, upload, "telegram-gone")
    except Unfit as refused:  # by its first bytes, before the rest is fetched
        _refuse(run, upload, refused.code, refused.details)
    else:
        with run.effect() as session:
            complete(session, upload.id, etags, now=run.now())


def _stream(run: Run, upload: Upload, file_id: str) -> list[str]:
    store_id = upload.store_upload_id or begin_at_store(run.services, upload)
    return stream_into_store(
        run.services,
        file_id=file_id,
        plan=plan_of(upload),
        key=upload.key,
        store_id=store_id,
        between=run.stop_if_cancelled,
        look=lambda data: check_head(data[:HEAD], upload.name, upload.purpose),
    )


def _refuse(run: Run, upload: Upload, reason: str, params: Mapping[str, Param] | None = None) -> None:
    with run.effect() as session:
        locked = must_get(session, Upload, upload.id, "upload-unknown", lock=True)
        refuse(session, locked, reason, params, now=run.now())
