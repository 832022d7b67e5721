"""Answers about download links: a new one in the Mini App, and the store's address at each click."""

import logging
from typing import Any
from uuid import uuid4

from core.jobs.single_statement import run
from core.kit.errors import NotFound
from core.orders.download_links import issue_link
from core.orders.presigning import key_of, leave_to_sign
from schemas import ephemeral_jobs
from schemas.base import utc_now
from workers.registry import answers
from workers.send_delivery import link_options
from workers.services import Services

PROBE = 2  # bytes

log = logging.getLogger(__name__)


@answers(ephemeral_jobs.Presign)
def presign(services: Services, job: ephemeral_jobs.Presign) -> dict[str, Any]:
    """Sign a store address for one click, after the audit log has it."""
    with services.database.statements() as session:
        file = run(session, leave_to_sign(job.link_id, correlation_id=job.correlation_id, now=utc_now()))
    if job.check and services.store.head(file.key) is None:
        raise _missing(file.key)
    url = services.store.sign_download(
        file.key,
        file_name=file.name,
        content_type=file.content_type,
        expires=services.settings.signed_url_ttl,
    )
    return {"url": url}


@answers(ephemeral_jobs.ReadBeginning)
def read_beginning(services: Services, job: ephemeral_jobs.ReadBeginning) -> dict[str, Any]:
    """Read a byte or two of a link's file; no address is signed, so nothing is written down."""
    with services.database.statements() as session:
        key = run(session, key_of(job.link_id, now=utc_now()))
    if services.store.head(key) is None:
        raise _missing(key)
    return {"bytes": list(services.store.read_range(key, 0, min(job.length, PROBE)))}


def _missing(key: str) -> NotFound:
    log.error("the store has no object %s, which somebody bought; bring it back from a copy", key)
    return NotFound("file-missing")


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
