"""Disputes and early fraud warnings.

https://docs.stripe.com/disputes/how-disputes-work, https://docs.stripe.com/disputes/api.
"""

from typing import Literal

from scripts.sandbox.stripe.book import DAY, Account, Book, Thing
from scripts.sandbox.stripe.errors import invalid
from scripts.sandbox.stripe.lists import Call, listing
from scripts.sandbox.stripe.money import DISPUTE_FEE, fee_detail, move
from scripts.sandbox.stripe.values import ANY, ONE, PAGE, Table, merge

Opening = Literal["needs_response", "warning_needs_response", "prevented", "lost"]
Ending = Literal["won", "lost", "warning_closed", "needs_response", "appeal_needs_response"]
CLOSED = ("won", "lost", "warning_closed", "prevented")
ANSWER_DAYS = 9
LONGEST_EVIDENCE = 150_000  # letters of all texts together
TEXTS = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "uncategorized_text",
]
FILES = [
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
]
EVIDENCE: Table = dict.fromkeys([*TEXTS, *FILES], str)
UPDATE: Table = {"evidence": EVIDENCE, "submit": bool, "metadata": ANY} | ONE
LIST: Table = PAGE | {"charge": str, "payment_intent": str}


def open_dispute(
    book: Book,
    account: Account,
    charge: Thing,
    reason: str = "fraudulent",
    status: Opening = "needs_response",
) -> Thing:
    """The buyer's bank disputes a charge; a warning is an inquiry, which moves no money."""
    no_money = status in ("warning_needs_response", "prevented")
    details = {
        "due_by": book.now() + ANSWER_DAYS * DAY,
        "enhanced_eligibility": {},
        "has_evidence": False,
        "past_due": False,
        "submission_count": 0,
        "submission_method": "not_submitted",
    }
    dispute = book.make(
        account,
        "du",
        "dispute",
        amount=charge["amount"] - charge["amount_refunded"],
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={"enhanced_evidence": {}},
        evidence_details=details,
        is_charge_refundable=no_money,
        metadata={},
        payment_intent=charge["payment_intent"],
        reason=reason,
        status=status,
    )
    charge["disputed"] = True
    book.emit(account, "charge.dispute.created", dispute)
    if not no_money:
        _withdraw(book, account, dispute)
    if status in CLOSED:
        book.emit(account, "charge.dispute.closed", dispute)
    return dispute


def decide(book: Book, account: Account, dispute: Thing, outcome: Ending) -> Thing:
    """The bank decides; of an inquiry `needs_response` makes a dispute, of what was decided an appeal.

    Raises `StripeError` where it is closed. What an appeal does to money until it is decided Stripe does not
    say: nothing here.
    """
    decided = dispute["status"] in ("won", "lost")
    possible = decided if outcome == "appeal_needs_response" else dispute["status"] not in CLOSED
    if not possible:
        raise invalid("dispute_already_closed", "This dispute is closed, or there is nothing to appeal from.")
    before = {"status": dispute["status"]}
    inquiry = dispute["status"].startswith("warning")
    dispute["status"] = outcome
    if outcome in ("needs_response", "appeal_needs_response"):
        dispute["is_charge_refundable"] = False
        details = {"due_by": book.now() + ANSWER_DAYS * DAY, "submission_count": 0}
        dispute["evidence_details"] = dispute["evidence_details"] | details
        book.emit(account, "charge.dispute.updated", dispute, before)
        if outcome == "needs_response":
            _withdraw(book, account, dispute)
        return dispute
    withdrawn = sum(line["amount"] for line in dispute["balance_transactions"]) < 0
    if outcome == "lost" and not inquiry and not withdrawn:
        _withdraw(book, account, dispute)
    if outcome == "won" and withdrawn:
        line = move(book, account, "adjustment", dispute["amount"], dispute["currency"], dispute["id"])
        dispute["balance_transactions"].append(line)
        book.emit(account, "charge.dispute.funds_reinstated", dispute)
    book.emit(account, "charge.dispute.closed", dispute, before)
    return dispute


def overdue(book: Book, account: Account, dispute: Thing) -> None:
    """Nobody answered in time: lost, or an inquiry that is closed."""
    dispute["evidence_details"]["past_due"] = True
    inquiry = dispute["status"].startswith("warning")
    decide(book, account, dispute, "warning_closed" if inquiry else "lost")


def warn(book: Book, account: Account, charge: Thing) -> Thing:
    """An early fraud warning (https://docs.stripe.com/disputes/measuring#early-fraud-warnings)."""
    warning = book.make(
        account,
        "issfr",
        "radar.early_fraud_warning",
        actionable=True,
        charge=charge["id"],
        fraud_type="misc",
        payment_intent=charge["payment_intent"],
    )
    book.emit(account, "radar.early_fraud_warning.created", warning)
    return warning


def unwarn(book: Book, account: Account, charge: Thing) -> None:
    """A refund or a dispute makes a warning one that nobody can act on any more."""
    for warning in book.all(account, "radar.early_fraud_warning"):
        if warning["charge"] == charge["id"] and warning["actionable"]:
            warning["actionable"] = False
            book.emit(account, "radar.early_fraud_warning.updated", warning, {"actionable": True})


def update(book: Book, call: Call) -> Thing:
    """POST /v1/disputes/{id}: evidence; `submit` (true by default) hands in all that is staged, once."""
    params = call.read(UPDATE)
    dispute = book.get(call.account, "dispute", call.ids[0])
    if dispute["status"] in CLOSED:
        raise invalid("dispute_already_closed", "This dispute is already closed.")
    evidence = params.get("evidence", {})
    for name in FILES:
        if evidence.get(name):
            book.get(call.account, "file", evidence[name], f"evidence[{name}]")
    texts = dispute["evidence"] | evidence
    if sum(len(texts[name] or "") for name in TEXTS if name in texts) > LONGEST_EVIDENCE:
        raise invalid("parameter_invalid", "Evidence exceeds 150,000 characters.", "evidence")
    details = dispute["evidence_details"]
    staged = details["has_evidence"] or bool(evidence)
    if evidence and details["submission_count"]:
        raise invalid("dispute_evidence_submitted", "Evidence was submitted already; it cannot be changed.")
    before = {"status": dispute["status"]}
    dispute["evidence"] = texts
    dispute["metadata"] = merge(dispute["metadata"], params.get("metadata", {}))
    details["has_evidence"] = staged
    if staged and params.get("submit", True) and not details["submission_count"]:
        stage = dispute["status"].partition("_")[0]
        dispute["status"] = {"warning": "warning_", "appeal": "appeal_"}.get(stage, "") + "under_review"
        details |= {"submission_count": 1, "submission_method": "manual"}
    book.emit(call.account, "charge.dispute.updated", dispute, before)
    return dispute


def close(book: Book, call: Call) -> Thing:
    """POST /v1/disputes/{id}/close: give it up."""
    call.read(ONE)
    dispute = book.get(call.account, "dispute", call.ids[0])
    return decide(book, call.account, dispute, "lost")


def list_all(book: Book, call: Call) -> Thing:
    """GET /v1/disputes."""
    return listing(book, call, "dispute", LIST)


def _withdraw(book: Book, account: Account, dispute: Thing) -> None:
    fee = [fee_detail("stripe_fee", DISPUTE_FEE, dispute["currency"])]
    amount = -dispute["amount"]
    line = move(book, account, "adjustment", amount, dispute["currency"], dispute["id"], fee)
    dispute["balance_transactions"].append(line)
    book.emit(account, "charge.dispute.funds_withdrawn", dispute)
