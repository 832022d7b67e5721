"""Deliveries and notices under bad luck: killed, repeated, out of order (more: `comptoir bench faults`)."""

import json

import httpx
from sqlalchemy import text

from scripts.bench.faults import kill_child, kill_part
from scripts.bench.load import Request
from scripts.bench.running_stack import RunningStack, links_in
from scripts.bench.sales import TITLE
from scripts.bench.webhooks import order_in_bot
from scripts.sandbox.nowpayments.notices import Sender
from scripts.sandbox.telegram.driver import Person
from tests.support.waiting import wait_until

KILLED_AMONG = 200


def test_a_worker_killed_among_many_deliveries_leaves_each_delivered_once(shop: RunningStack) -> None:
    buyers = shop.crowd(KILLED_AMONG)
    shop.sell(buyers)
    shop.wait_delivered(buyers, 60, left=KILLED_AMONG * 3 // 4)

    kill_child(shop)
    shop.wait_delivered(buyers, 120)

    reached = shop.telegram.remote.reached(TITLE)
    assert [reached.get(buyer.id, 0) for buyer in buyers] == [1] * KILLED_AMONG
    assert shop.telegram.remote.duplicates() == []


def test_what_a_killed_bot_had_answered_is_not_answered_again(shop: RunningStack) -> None:
    buyer = shop.crowd(1)[0]
    buyer.wait_for("How it works", after=buyer.says("/help"))

    kill_part(shop, "bot")  # Telegram is asked again for all that came in the last minutes
    again = buyer.says("/nothing")
    buyer.wait_for("/help", after=again, timeout=60)

    assert len([message for message in buyer.chat if message.outgoing]) == 2


def test_notices_that_come_twice_and_in_the_wrong_order_deliver_once(
    shop: RunningStack, client: httpx.Client
) -> None:
    buyer = shop.crowd(1)[0]
    finished = order_in_bot(shop, [buyer])[0]
    earlier = [renamed(shop, finished, status) for status in ("sending", "confirming", "waiting")]

    for notice in (finished, *earlier, finished, *earlier):
        assert post(shop, client, notice) == 200
    buyer.wait_for(lambda message: bool(links_in(message)), timeout=60)
    wait_until(lambda: handled(shop, buyer) == 1 + len(earlier), 60, "notices are not handled")
    wait_until(lambda: jobs_left(shop, buyer) == 0, 60, "jobs are left")

    assert len([message for message in buyer.chat if links_in(message)]) == 1
    assert shop.undelivered([buyer]) == 0


def test_a_forged_notice_is_refused_and_pays_nothing(shop: RunningStack, client: httpx.Client) -> None:
    buyer = shop.crowd(1)[0]
    genuine = order_in_bot(shop, [buyer])[0]
    forged = Request("POST", genuine.path, {**genuine.headers, "x-nowpayments-sig": "0" * 128}, genuine.body)

    assert post(shop, client, forged) in (400, 401, 403)
    assert buyer.chat == []
    assert post(shop, client, genuine) == 200
    assert buyer.wait_for(lambda message: bool(links_in(message)), timeout=60)


def handled(shop: RunningStack, buyer: Person) -> int:
    """How many events about this person's order were handled."""
    done = "SELECT count(*) FROM payment_event WHERE handled_at IS NOT NULL"
    return counted(shop, buyer, f"{done} AND order_id")


def jobs_left(shop: RunningStack, buyer: Person) -> int:
    """How many jobs about this person's order have not ended; other tests leave some that wait for leases."""
    unfinished = "SELECT count(*) FROM job WHERE state IN ('queued', 'running')"
    return counted(shop, buyer, f"{unfinished} AND (args->>'order_id')::bigint")


def counted(shop: RunningStack, buyer: Person, query: str) -> int:
    """What a query counts whose last column is the number of this person's one order."""
    order = "SELECT purchase.id FROM purchase JOIN person ON person.id = buyer_id WHERE telegram_id = :buyer"
    with shop.database.engine.connect() as connection:
        return int(connection.execute(text(f"{query} = ({order})"), {"buyer": buyer.id}).scalar_one())


def renamed(shop: RunningStack, notice: Request, status: str) -> Request:
    """The same payment at another stage, signed as genuinely."""
    fields = {**json.loads(notice.body), "payment_status": status}
    signed = Sender(shop.stack.settings.nowpayments_ipn_secret).sign("", fields)
    headers = {**notice.headers, "x-nowpayments-sig": signed.signature}
    return Request("POST", notice.path, headers, signed.body.decode())


def post(shop: RunningStack, client: httpx.Client, notice: Request) -> int:
    answer = client.post(f"{shop.stack.url}{notice.path}", content=notice.body, headers=notice.headers)
    return answer.status_code
