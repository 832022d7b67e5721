"""The job that makes a paper, against the real store, and its address."""

from urllib.request import urlopen

import pytest
from sqlmodel import select

from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.payments.papers import key_of
from schemas.ephemeral_jobs import PresignPaper
from schemas.papers import Paper
from tests.support import make
from tests.support.worker import Worker
from workers.actors.papers import presign_paper


def test_a_paper_is_stored_as_a_pdf_that_its_address_gives(worker: Worker) -> None:
    with worker.database.transaction() as session:
        order = id_of(make.paid_order(session))
    (job,) = worker.do_all("issue_paper")
    assert job.state == "done"
    with worker.database.transaction() as session:
        paper = session.exec(select(Paper).where(Paper.order_id == order)).one()
        assert paper.stored_at is not None
    url = presign_paper(worker.services, PresignPaper(paper_id=paper.id))["url"]
    with urlopen(url) as answer:
        assert answer.headers["content-type"] == "application/pdf"
        assert f"REC-{paper.seller_id}-00001.pdf" in answer.headers["content-disposition"]
        assert answer.read(5) == b"%PDF-"


def test_a_job_that_broke_off_before_the_store_goes_on_with_the_same_number(worker: Worker) -> None:
    with worker.database.transaction() as session:
        make.paid_order(session)
    (job,) = worker.do_all("issue_paper")
    with worker.database.transaction() as session:
        paper = session.exec(select(Paper)).one()
        paper.stored_at = None
        session.add(paper)
    worker.services.store.delete(key_of(paper.id))
    with pytest.raises(NotFound, match="paper-unknown"):
        presign_paper(worker.services, PresignPaper(paper_id=paper.id))
    assert worker.repeat(job.id).state == "done"
    assert worker.row(Paper, paper.id).number == 1
    assert worker.services.store.head(key_of(paper.id)) is not None
