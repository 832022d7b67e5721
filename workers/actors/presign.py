"""Answers about download links: a new one in the Mini App, and the store's address at each click."""

from typing import Any
from uuid import uuid4

from core.jobs.single_statement import run
from core.orders.download_links import issue_link
from core.orders.presigning import leave_to_sign
from schemas import ephemeral_jobs
from schemas.base import utc_now
from workers.registry import answers
from workers.send_delivery import link_options
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


@answers(ephemeral_jobs.IssueLink)
def issue_one_link(services: Services, job: ephemeral_jobs.IssueLink) -> dict[str, Any]:
    """Issue a link for somebody who waits for it; the API has checked whose the grant is."""
    options = link_options(services.settings)
    with services.database.transaction() as session:
        link, token = issue_link(
            session,
            grant_id=job.grant_id,
            asset_id=job.asset_id,
            identity=uuid4(),
            secret=options.secret,
            ttl=options.ttl,
            max_downloads=options.max_downloads,
            now=utc_now(),
        )
    return {"token": token, "expires_at": link.expires_at.isoformat()}
