"""An order that was refunded stands again: its money is the seller's after all, or came anew.

A refund may fail after it succeeded, and a second payment may have been made before the first one went back,
or after. What is known of them comes in any order, so the end hangs on none: an order stands while money of
a whole payment of it stays with its seller.
"""

from datetime import datetime

from sqlmodel import Session

from core.jobs.ledger import enqueue
from core.kit.rows import id_of
from core.orders.fulfilment import awaits_person, goods_of, line_of
from core.orders.orders import restore
from core.payments.papers import AGAIN
from schemas.paper_jobs import IssuePaper
from schemas.sales import Order


def stand_again(session: Session, order: Order, *, part: str, amount: int, now: datetime) -> bool:
    """Have a refunded order, which is locked, stand as before and give what it gave; False: it is no such.

    `part` names the money that came, `amount` minor units of it, for the order's papers.
    """
    if not restore(session, order):
        return False
    line = line_of(session, order)
    goods = goods_of(line.product.kind)
    if not awaits_person(line):
        goods.on_paid(session, line, now=now)
    if goods.payee == "seller":
        enqueue(session, IssuePaper(order_id=id_of(order), part=f"{AGAIN}{part}", amount=amount).once())
    return True
