"""Jobs that deliver paid orders."""

from contextlib import suppress
from typing import NoReturn

from core.kit.errors import NotFound, Permanent, Refused, Unreachable
from core.kit.rows import must_get
from core.orders.delivery import buyer_unreachable, cannot_deliver, mark_delivered, sweep
from core.orders.delivery_contents import DeliveryContents, pack_order
from schemas import jobs
from schemas.sales import Order
from workers.registry import actor
from workers.run import Run
from workers.send_delivery import link_options, send_delivery


@actor(jobs.Deliver)
def deliver(run: Run, job: jobs.Deliver) -> None:
    """Send the buyer of a paid order its links (A22 to A36).

    1. Links are issued and committed, the same at every attempt.
    2. The messages are sent; Telegram shows each once, whatever is repeated.
    3. The order is delivered and the job done, in one transaction.
    """
    try:
        contents = _pack(run, job.order_id)
        if contents is None:
            return
        send_delivery(run, contents, "paid")
    except Unreachable:
        with run.effect() as session:
            buyer_unreachable(session, job.order_id, now=run.now())
    except (Refused, Permanent) as error:
        _give_up(run, job.order_id, error)
    else:
        with run.effect() as session:
            mark_delivered(session, job.order_id, now=run.now())


@actor(jobs.RetryUndelivered)
def retry_undelivered(run: Run, job: jobs.RetryUndelivered) -> None:
    """Find paid orders that were not delivered: send them again, or hand them to support (A37)."""
    with run.effect() as session:
        sweep(session, now=run.now())


def _pack(run: Run, order_id: int) -> DeliveryContents | None:
    options = link_options(run.services.settings)
    with run.services.database.statements() as session:
        return pack_order(session, order_id, identity=run.job_id, options=options, now=run.now())


def _give_up(run: Run, order_id: int, error: Refused | Permanent) -> NoReturn:
    """Hand the order to support. Raises `Permanent`: the job's error says why, with the order's id."""
    reason = error.code if isinstance(error, Refused) else "delivery-failed"
    with suppress(NotFound), run.services.database.transaction() as session:
        order = must_get(session, Order, order_id, "order-unknown")
        cannot_deliver(session, order, reason=reason, now=run.now())
    raise Permanent(f"Order {order_id} cannot be delivered: {error}. Support has it now.") from error
