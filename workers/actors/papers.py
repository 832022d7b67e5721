"""Invoices, receipts and credit notes: the job that makes one, and the answer with its address."""

from io import BytesIO
from typing import Any

from core.payments.paper_pages import page_of
from core.payments.papers import issue, key_of, number_of, stored, stored_paper
from schemas import ephemeral_jobs, paper_jobs
from workers.papers import make_pdf
from workers.registry import actor, answers
from workers.run import Run
from workers.services import Services

PDF = "application/pdf"


@actor(paper_jobs.IssuePaper)
def issue_paper(run: Run, job: paper_jobs.IssuePaper) -> None:
    """Number a paper first: whatever befalls its PDF, the next attempt sets the same one."""
    with run.services.database.transaction() as session:
        paper = issue(session, job.order_id, part=job.part, amount=job.amount, now=run.now())
    if paper is None or paper.stored_at is not None:
        return
    pdf = make_pdf(page_of(paper))
    run.services.store.upload(key_of(paper.id), BytesIO(pdf), len(pdf), PDF)
    with run.effect() as session:
        stored(session, paper.id, public_url=run.services.settings.public_url, now=run.now())


@answers(ephemeral_jobs.PresignPaper)
def presign_paper(services: Services, job: ephemeral_jobs.PresignPaper) -> dict[str, Any]:
    """Sign the address of a paper for whoever knows its id."""
    with services.database.transaction() as session:
        paper = stored_paper(session, job.paper_id)
        name = f"{number_of(paper)}.pdf"
    life = services.settings.signed_url_ttl
    url = services.store.sign_download(key_of(job.paper_id), file_name=name, content_type=PDF, expires=life)
    return {"url": url}
