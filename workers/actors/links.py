"""Jobs that send download links again: to one owner, or to all after a file was replaced."""

from core.jobs.ledger import enqueue
from core.kit.errors import Permanent, Refused, Unreachable
from core.kit.rows import id_of, must_get
from core.kit.texts import refusal
from core.notifications.recipients import mark_blocked
from core.notifications.telegram_messages import library_button, support_button
from core.orders.delivery_contents import pack_grant
from core.orders.grants import owners_of
from core.people.people import user_of
from core.ports import Identity, Message
from schemas import jobs
from schemas.access import Grant
from schemas.catalogue import Asset
from schemas.people import User
from workers.registry import actor
from workers.run import Run
from workers.send_delivery import link_options, send_delivery


@actor(jobs.SendLinks)
def send_links(run: Run, job: jobs.SendLinks) -> None:
    """Send an owner the links of what they bought, or say why not (A15 to A20)."""
    with run.services.database.transaction() as session:
        grant = session.get(Grant, job.grant_id)
        buyer = user_of(session, grant.buyer_id) if grant else None
    if buyer is None:
        raise Permanent(f"Grant {job.grant_id} does not exist; there is nobody to send its links to.")
    try:
        _send(run, job, buyer)
    except Unreachable:
        with run.effect() as session:
            mark_blocked(session, id_of(buyer), run.now())


@actor(jobs.AnnounceReplacement)
def announce_replacement(run: Run, job: jobs.AnnounceReplacement) -> None:
    """Send a new version of a file to each owner, once; one that was replaced meanwhile is left out."""
    with run.effect() as session:
        asset = must_get(session, Asset, job.asset_id, "file-unknown")
        for grant_id in owners_of(session, asset.product_id) if asset.status == "accepted" else ():
            links = jobs.SendLinks(grant_id=grant_id, occasion="replaced", asset_id=asset.id)
            enqueue(session, links.of_replacement())


def _send(run: Run, job: jobs.SendLinks, buyer: User) -> None:
    services, options = run.services, link_options(run.services.settings)
    try:
        with services.database.statements() as session:
            contents = pack_grant(
                session, job.grant_id, job.asset_id, identity=run.job_id, options=options, now=run.now()
            )
    except Refused as refused:
        if job.occasion == "replaced":
            return  # nobody waits for this news
        buttons = [[support_button(buyer.language)], [library_button(buyer.language)]]
        message = Message(refusal(buyer.language, refused), buttons)
        services.messenger.send(Identity(run.job_id, "refused"), buyer.telegram_id, message)
    else:
        send_delivery(run, contents, job.occasion)
