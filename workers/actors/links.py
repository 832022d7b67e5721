"""Jobs that send links again to those who own something."""

from core.errors import Permanent, Refused, Unreachable
from core.grants import owners_of
from core.ledger import enqueue
from core.messages import library_button, support_button
from core.parcels import pack_grant
from core.people import mark_blocked, user_of
from core.ports import Identity, Message
from core.rows import key, must_get
from core.texts import refusal
from schemas import jobs
from schemas.access import Grant
from schemas.catalogue import Asset
from schemas.people import User
from workers.parcels import send_parcel, wrapping
from workers.registry import actor
from workers.run import Run


@actor(jobs.SendLinks)
def send_links(run: Run, job: jobs.SendLinks) -> None:
    """Send the links of what is owned, or say why not (A15 to A20)."""
    with run.services.database.transaction() as session:
        grant = session.get(Grant, job.grant_id)
        buyer = user_of(session, grant.buyer_id) if grant else None
    if buyer is None:
        raise Permanent(f"Grant {job.grant_id} does not exist; there is nobody to send its links to.")
    try:
        _send(run, job, buyer)
    except Unreachable:
        with run.effect() as session:
            mark_blocked(session, key(buyer), run.now())


@actor(jobs.AnnounceReplacement)
def announce_replacement(run: Run, job: jobs.AnnounceReplacement) -> None:
    """Send a new version to each owner, once; one that is replaced already is left out."""
    with run.effect() as session:
        asset = must_get(session, Asset, job.asset_id, "file-unknown")
        for grant_id in owners_of(session, asset.product_id) if asset.status == "accepted" else ():
            links = jobs.SendLinks(grant_id=grant_id, occasion="replaced", asset_id=asset.id)
            enqueue(session, links, unique_key=f"replaced:{asset.id}:{grant_id}")


def _send(run: Run, job: jobs.SendLinks, buyer: User) -> None:
    services, how = run.services, wrapping(run.services.settings)
    try:
        with services.database.statements() as session:
            parcel = pack_grant(
                session, job.grant_id, job.asset_id, identity=run.job_id, wrapping=how, now=run.now()
            )
    except Refused as refused:
        if job.occasion == "replaced":
            return  # nobody waits for this news
        buttons = [[support_button(buyer.language)], [library_button(buyer.language)]]
        message = Message(refusal(buyer.language, refused), buttons)
        services.messenger.send(Identity(run.job_id, "refused"), buyer.telegram_id, message)
    else:
        send_parcel(run, parcel, job.occasion)
