"""Stars from invoice to refund, through a stock client."""

from collections.abc import Callable
from typing import Any

import pytest
from pyrogram import filters, types
from pyrogram.errors import BadRequest, ChargeAlreadyRefunded, ChargeNotFound
from pyrogram.raw import functions
from pyrogram.raw import types as raw_types

from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support.telegram_clients import Run


def price(stars: int) -> list[types.LabeledPrice]:
    return [types.LabeledPrice("total", stars)]


def accept(client: Any, verdict: bool | str = True) -> list[Any]:
    """Answer pre-checkouts, collect payments."""
    paid: list[Any] = []

    @client.on_pre_checkout_query()
    async def check(_: Any, query: Any) -> None:
        await (query.answer(True) if verdict is True else query.answer(False, str(verdict)))

    @client.on_message(filters.successful_payment)
    async def collect(_: Any, message: Any) -> None:
        paid.append(message)
        await client.send_message(message.chat.id, f"thanks {len(paid)}")

    return paid


def test_an_invoice_is_paid_and_refunded_once(client: Any, ann: Person, run: Run) -> None:
    paid = accept(client)
    run(client.send_invoice, ann.id, "Cours", "Python", "order-1", "XTR", price(50))
    invoice = ann.wait_for("Cours")
    assert invoice.invoice == {
        "title": "Cours",
        "description": "Python",
        "currency": "XTR",
        "total": 50,
        "payload": "order-1",
    }
    payment = ann.pays(invoice)
    ann.wait_for("thanks 1")
    receipt = paid[0].successful_payment
    assert (receipt.telegram_payment_charge_id, receipt.invoice_payload) == (payment.charge_id, "order-1")
    assert (receipt.currency, receipt.total_amount) == ("XTR", 50)
    run(client.refund_star_payment, ann.id, payment.charge_id)
    assert ann.wait_service("refunded").service["charge"] == payment.charge_id  # type: ignore[index]
    with pytest.raises(ChargeAlreadyRefunded):
        run(client.refund_star_payment, ann.id, payment.charge_id)
    with pytest.raises(ChargeNotFound):
        run(client.refund_star_payment, ann.id, "unknown")


def test_an_invoice_link_is_paid_by_somebody_who_never_wrote(client: Any, sandbox: Sandbox, run: Run) -> None:
    paid = accept(client)
    link = run(client.create_invoice_link, "Cours", "Python", "order-2", "XTR", price(7))
    bob = sandbox.person("Bob")
    assert bob.pays(link).charge_id
    bob.wait_for("thanks 1")
    assert paid[0].from_user is not None
    assert paid[0].from_user.id == bob.id


def test_a_refused_pre_checkout_takes_nothing(client: Any, ann: Person, run: Run) -> None:
    paid = accept(client, "sold out")
    run(client.send_invoice, ann.id, "Cours", "Python", "order-1", "XTR", price(50))
    payment = ann.pays(ann.wait_for("Cours"))
    assert (payment.charge_id, payment.error) == (None, "sold out")
    assert paid == []


def test_an_unanswered_pre_checkout_fails(client: Any, ann: Person, sandbox: Sandbox, run: Run) -> None:
    run(client.send_invoice, ann.id, "Cours", "Python", "order-1", "XTR", price(50))
    sandbox.set_answer_seconds(0.3)
    assert ann.pays(ann.wait_for("Cours")).error == "BOT_PRECHECKOUT_FAILED"


def test_the_same_payment_can_be_told_twice(client: Any, ann: Person, run: Run) -> None:
    paid = accept(client)
    run(client.send_invoice, ann.id, "Cours", "Python", "order-1", "XTR", price(50))
    charge = ann.pays(ann.wait_for("Cours")).charge_id
    assert charge is not None
    ann.wait_for("thanks 1")
    ann.pays_again(charge)
    ann.wait_for("thanks 2")
    assert {m.successful_payment.telegram_payment_charge_id for m in paid} == {charge}


def test_transactions_are_listed_page_by_page(client: Any, ann: Person, run: Run) -> None:
    accept(client)
    link = run(client.create_invoice_link, "Cours", "Python", "order", "XTR", price(10))
    charges = [ann.pays(link).charge_id for _ in range(3)]
    run(client.refund_star_payment, ann.id, charges[0])

    def page(offset: str) -> Any:
        peer = raw_types.InputPeerSelf()
        return run(client.invoke, functions.payments.GetStarsTransactions(peer=peer, offset=offset, limit=3))

    first = page("")
    assert [item.id for item in first.history] == [charges[0], charges[2], charges[1]]
    assert first.history[0].refund
    assert first.balance.amount == 20
    rest = page(first.next_offset)
    assert ([item.id for item in rest.history], rest.next_offset) == ([charges[0]], None)


def test_the_account_of_somebody_else_is_not_shown(client: Any, ann: Person, run: Run) -> None:
    for peer, offset in ((raw_types.InputPeerEmpty(), ""), (raw_types.InputPeerSelf(), "next")):
        with pytest.raises(BadRequest):
            run(client.invoke, functions.payments.GetStarsTransactions(peer=peer, offset=offset, limit=3))


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.update(title="x" * 33),
        lambda a: a.update(description=""),
        lambda a: a.update(payload="x" * 129),
        lambda a: a.update(prices=price(1) + price(2)),
        lambda a: a.update(prices=price(0)),
        lambda a: a.update(currency="EUR"),
    ],
    ids=["title", "description", "payload", "prices", "amount", "currency"],
)
def test_invoices_outside_the_limits_are_refused(
    client: Any, run: Run, change: Callable[[dict[str, Any]], None]
) -> None:
    invoice: dict[str, Any] = {
        "title": "Cours",
        "description": "Python",
        "payload": "order",
        "currency": "XTR",
        "prices": price(1),
    }
    change(invoice)
    with pytest.raises(BadRequest):
        run(client.create_invoice_link, **invoice)
