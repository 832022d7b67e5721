"""The job that issues a paper, and its PDF in the real store."""

from io import BytesIO
from urllib.request import urlopen
from uuid import uuid4

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


def test_the_pdf_of_a_paper_is_made_when_it_is_fetched_for_the_first_time(worker: Worker) -> None:
    paper = issued(worker)
    assert worker.services.store.head(key_of(paper.id)) is None
    assert fetched(worker, paper).startswith(b"%PDF-")
    kept = worker.row(Paper, paper.id).stored_at
    assert kept is not None
    worker.services.store.upload(key_of(paper.id), BytesIO(b"kept"), 4, "application/pdf")
    assert fetched(worker, paper) == b"kept"
    assert worker.row(Paper, paper.id).stored_at == kept


def test_a_pdf_whose_making_broke_off_is_made_with_the_same_number(worker: Worker) -> None:
    paper = issued(worker)
    fetched(worker, paper)
    with worker.database.transaction() as session:
        session.get_one(Paper, paper.id).stored_at = None
    worker.services.store.delete(key_of(paper.id))
    assert fetched(worker, paper).startswith(b"%PDF-")
    assert worker.row(Paper, paper.id).number == 1
    with pytest.raises(NotFound, match="paper-unknown"):
        presign_paper(worker.services, PresignPaper(paper_id=uuid4()))


def issued(worker: Worker) -> Paper:
    with worker.database.transaction() as session:
        order = id_of(make.paid_order(session))
    (job,) = worker.do_all("issue_paper")
    assert job.state == "done"
    with worker.database.transaction() as session:
        return session.exec(select(Paper).where(Paper.order_id == order)).one()


def fetched(worker: Worker, paper: Paper) -> bytes:
    """What the paper's address gives, by the name that it ought to have."""
    url = presign_paper(worker.services, PresignPaper(paper_id=paper.id))["url"]
    with urlopen(url) as answer:
        assert answer.headers["content-type"] == "application/pdf"
        assert f"REC-{paper.seller_id}-00001.pdf" in answer.headers["content-disposition"]
        return bytes(answer.read())
