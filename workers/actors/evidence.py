"""The proof of delivery in a dispute: staged at Stripe, handed in by a person's press, reminded of."""

from io import BytesIO
from typing import Any

from core.payments.dispute_answers import (
    evidence_key,
    evidence_of,
    forget_proof,
    old_proofs,
    payment_of,
    record_staged,
    remind,
    wanted_evidence,
    wanted_submission,
)
from core.payments.evidence_pages import evidence_page, evidence_texts
from core.payments.rails.stripe.disputes import DISPUTES, SeenDisputes, apply_disputes, dispute_policy
from core.payments.rails.stripe.objects import Dispute, Found
from core.payments.rails.stripe.protocol import Fields, StripeRefused
from schemas import card_jobs, ephemeral_jobs
from workers.papers import make_pdf
from workers.registry import actor, answers
from workers.run import Run
from workers.services import Services

PDF = "application/pdf"


@actor(card_jobs.StageEvidence)
def stage_evidence(run: Run, job: card_jobs.StageEvidence) -> None:
    """Gather the proof, keep its PDF and put both at Stripe without handing anything in.

    Each try has a key of its own: what is staged may be staged again, and says more each time.
    """
    with run.services.database.transaction() as session:
        wanted = wanted_evidence(session, job.dispute_id)
    if wanted is None:
        return
    pdf = make_pdf(evidence_page(wanted.facts))
    run.services.store.upload(evidence_key(wanted.evidence_id), BytesIO(pdf), len(pdf), PDF)
    stripe, account = run.services.stripe, wanted.account
    key = f"comptoir:evidence:{wanted.name}:{wanted.turn}:{run.attempt}"
    name = f"{wanted.facts.number}.pdf"
    file = stripe.upload(Found, name, pdf, key=f"{key}:file", account=account)
    evidence = evidence_texts(wanted.facts) | {"service_documentation": file.id}
    fields: Fields = {"evidence": evidence, "submit": False}
    stripe.post(Found, f"{DISPUTES}/{wanted.name}", fields, key=key, account=account)
    with run.effect() as session:
        record_staged(session, job.dispute_id, now=run.now())


@actor(card_jobs.SubmitEvidence)
def submit_evidence(run: Run, job: card_jobs.SubmitEvidence) -> None:
    """Hand in what is staged, once it is certain that nobody has: there is one go."""
    with run.services.database.transaction() as session:
        wanted = wanted_submission(session, job.dispute_id)
    if wanted is None:
        return
    stripe, path, account = run.services.stripe, f"{DISPUTES}/{wanted.name}", wanted.account
    at, policy = run.now(), dispute_policy(run.services.settings)
    found = stripe.get(Dispute, path, account=account)
    if not found.evidence_details.submission_count:
        try:
            found = stripe.post(Dispute, path, {"submit": True}, key=wanted.key, account=account)
        except StripeRefused:  # decided meanwhile
            found = stripe.get(Dispute, path, account=account)
    seen = SeenDisputes((found,), at=at)
    with run.effect() as session:
        payment, order = payment_of(session, job.dispute_id)
        apply_disputes(session, order, payment, seen, policy, now=run.now())


@actor(card_jobs.RemindDisputes)
def remind_disputes(run: Run, job: card_jobs.RemindDisputes) -> None:
    """Remind whoever can answer a dispute of its end, and delete the proofs that nobody asks for any more."""
    database, store = run.services.database, run.services.store
    with database.transaction() as session:
        old = old_proofs(session, now=run.now())
    for evidence_id in old:
        store.delete(evidence_key(evidence_id))
        with database.transaction() as session:
            forget_proof(session, evidence_id)
    with run.effect() as session:
        remind(session, now=run.now())


@answers(ephemeral_jobs.PresignEvidence)
def presign_evidence(services: Services, job: ephemeral_jobs.PresignEvidence) -> dict[str, Any]:
    """Sign the address of a proof for whoever knows its name."""
    with services.database.transaction() as session:
        row = evidence_of(session, job.evidence_id)
        name = f"{row.provider_id}.pdf"
    life = services.settings.signed_url_ttl
    key = evidence_key(job.evidence_id)
    return {"url": services.store.sign_download(key, file_name=name, content_type=PDF, expires=life)}
