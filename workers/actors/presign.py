"""The answer to a click on a download link."""

from typing import Any

from core.jobs.single_statement import run
from core.orders.presigning import leave_to_sign
from schemas import ephemeral_jobs
from schemas.base import utc_now
from workers.registry import answers
from workers.services import Services


@answers(ephemeral_jobs.Presign)
def presign(services: Services, job: ephemeral_jobs.Presign) -> dict[str, Any]:
    """Sign a store address for one click, after the audit log has it."""
    with services.database.statements() as session:
        file = run(session, leave_to_sign(job.link_id, correlation_id=job.correlation_id, now=utc_now()))
    url = services.store.sign_download(
        file.key,
        file_name=file.name,
        content_type=file.content_type,
        expires=services.settings.signed_url_ttl,
    )
    return {"url": url}
