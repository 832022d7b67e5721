"""Invoices, receipts and credit notes: the job that issues one, and the answer with the address of its PDF.

What stands on a paper is kept in its row from its day on. Its PDF is set when somebody fetches it for the
first time: that takes a tenth of a second of a processor, more than all else of a sale, and few are fetched.
"""

from io import BytesIO
from typing import Any

from core.payments.paper_pages import page_of
from core.payments.papers import announce, issue, keep, key_of, number_of, paper_of
from schemas import ephemeral_jobs, paper_jobs
from schemas.base import utc_now
from workers.papers import make_pdf
from workers.registry import actor, answers
from workers.run import Run
from workers.services import Services

PDF = "application/pdf"


@actor(paper_jobs.IssuePaper)
def issue_paper(run: Run, job: paper_jobs.IssuePaper) -> None:
    """Number a paper, and tell its buyer where it is."""
    with run.effect() as session:
        paper = issue(session, job.order_id, part=job.part, amount=job.amount, now=run.now())
        if paper is not None:
            announce(session, paper, public_url=run.services.settings.public_url)


@answers(ephemeral_jobs.PresignPaper)
def presign_paper(services: Services, job: ephemeral_jobs.PresignPaper) -> dict[str, Any]:
    """Sign the address of a paper for whoever knows its id, and make its PDF if nobody asked before.

    Two who ask at once may both make it: they store the same under one key.
    """
    with services.database.transaction() as session:
        paper = paper_of(session, job.paper_id)
    if paper.stored_at is None:
        pdf = make_pdf(page_of(paper))
        services.store.upload(key_of(paper.id), BytesIO(pdf), len(pdf), PDF)
        with services.database.transaction() as session:
            keep(session, paper.id, now=utc_now())
    name = f"{number_of(paper)}.pdf"
    life = services.settings.signed_url_ttl
    url = services.store.sign_download(key_of(job.paper_id), file_name=name, content_type=PDF, expires=life)
    return {"url": url}
