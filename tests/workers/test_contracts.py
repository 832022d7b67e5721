"""Senders and actors agree: every contract has one actor, and payloads written by older code still decode."""

import pytest

from core.jobs.retries import back_off
from schemas.contracts import BESIDE, QUEUES, WORKER_GROUPS, JobContract
from schemas.ephemeral_jobs import EPHEMERAL
from schemas.jobs import CONTRACTS, DURABLE, HandlePaymentEvent
from workers.main import load_actors
from workers.runtime.groups import GROUPS

UUID = "6f1c1a8e-5a0e-4a3d-9d0a-0d6f6a1f2b3c"
# Written once and kept: a job that waits in the ledger while the shop is upgraded must still be understood.
GOLDEN: dict[str, dict[str, object]] = {
    "check_stripe_account": {"row_id": 7},
    "check_stripe_accounts": {},
    "leave_stripe": {"row_id": 7},
    "stripe_form": {"row_id": 7, "ticket": "t"},
    "take_stripe_code": {"row_id": 7, "code": "ac_1"},
    "open_portal": {"membership_id": 7},
    "price_plan": {"membership_id": 7, "plan_id": 8},
    "deliver": {"order_id": 7},
    "send_links": {"grant_id": 7, "occasion": "library", "asset_id": UUID},
    "notify": {"user_id": 7, "text": "sale", "params": {"title": "x"}, "buttons": [["open", "library_menu"]]},
    "set_menu": {"user_id": 7},
    "relay_question": {"question_id": 7},
    "mail_order_news": {"order_id": 7, "text": "payment-failed", "params": {"number": "CMT-000007"}},
    "mail_support_answer": {"answer_id": 7},
    "relay_support": {"user_id": 7, "words": "help", "about": "support", "order_id": 3},
    "refund_stars": {"order_id": 7},
    "publish_picture": {"product_id": 7},
    "make_preview": {"asset_id": UUID},
    "publish_preview": {"asset_id": UUID},
    "open_invoice": {"order_id": 7},
    "open_checkout": {"order_id": 7},
    "refund_card": {"refund_id": 7},
    "look_at_checkout": {"order_id": 7},
    "set_card_renewal": {"row_id": 7},
    "end_surplus": {"order_id": 7, "account": "acct_1", "subscription_id": "sub_1"},
    "send_portal": {"membership_id": 7},
    "preview_plan": {"membership_id": 7, "plan_id": 8},
    "change_plan": {"membership_id": 7, "plan_id": 8, "prorated_at": 1_800_000_000, "due": 700},
    "look_at_card": {"row_id": 7, "until": 1_800_000_000},
    "look_at_trial": {"row_id": 7, "last": False},
    "reconcile_cards": {},
    "stage_evidence": {"dispute_id": 7, "turn": 1},
    "submit_evidence": {"dispute_id": 7, "turn": 1},
    "remind_disputes": {},
    "look_at_shop_fees": {},
    "handle_payment_event": {"event_id": UUID},
    "poll_invoices": {},
    "retry_undelivered": {},
    "expire_orders": {},
    "announce_replacement": {"asset_id": UUID},
    "verify_upload": {"upload_id": UUID},
    "reclaim_upload": {"upload_id": UUID},
    "sweep_uploads": {},
    "prune_jobs": {},
    "watch_shop": {},
    "seal_audit": {},
    "prune_records": {},
    "compare_books": {},
    "make_backup": {},
    "take_telegram_file": {"upload_id": UUID},
    "admit": {"membership_id": 7, "occasion": "paid", "order_id": 3},
    "answer_join_request": {"channel_id": 7, "telegram_id": 700001},
    "expire_member": {"membership_id": 7, "turn": 2},
    "remove_member": {"channel_id": 7, "telegram_id": 700001},
    "remove_stranger": {"channel_id": 7, "telegram_id": 700001, "invite_id": UUID},
    "revoke_invite": {"invite_id": UUID},
    "warn_member": {"membership_id": 7, "ends": 1_800_000_000, "days": 3},
    "set_star_renewal": {"subscription_id": 7},
    "check_roster": {"channel_id": 7, "begun": 1_800_000_000},
    "check_rosters": {},
    "reconcile_stars": {},
    "expire_tokens": {},
    "expire_members": {},
    "warn_members": {},
    "stop_renewals": {"seller_id": 7},
    "import_members": {"import_id": 7},
    "mail_notification": {"notification_id": 7},
    "confirm_mail": {"address_id": 7, "issue": 2},
    "mail_claim": {"order_id": 7},
    "prune_notifications": {},
    "remake_previews": {},
    "presign_parts": {"upload_id": UUID, "numbers": [1, 2]},
    "list_parts": {"upload_id": UUID},
    "issue_link": {"grant_id": 7, "asset_id": UUID},
    "make_invoice": {"order_id": 7},
    "read_beginning": {"link_id": UUID, "length": 1},
    "presign_picture": {"upload_id": UUID},
    "presign_preview": {"asset_id": UUID},
    "send_statement": {"user_id": 7, "month": "2026-11"},
    "issue_paper": {"order_id": 7, "part": "part:1", "amount": 250},
    "presign_paper": {"paper_id": UUID},
    "presign_evidence": {"evidence_id": UUID},
    "presign": {"link_id": UUID, "correlation_id": "abc"},
}


def test_every_contract_has_exactly_one_actor() -> None:
    registry = load_actors()
    assert set(registry.actors) == set(DURABLE)
    assert set(registry.answers) == set(EPHEMERAL)
    assert len(CONTRACTS) == len(DURABLE) + len(EPHEMERAL)


def test_every_queue_is_served_by_one_group() -> None:
    served = [queue for group in GROUPS for queue in group.queues]
    assert sorted(served) == sorted(QUEUES)
    assert {group.name: group.queues for group in GROUPS} == WORKER_GROUPS
    beside = {queue for queues in BESIDE.values() for queue in queues}
    assert {contract.queue for contract in CONTRACTS.values()} <= set(served) | beside
    assert {contract.queue for contract in DURABLE} <= set(QUEUES), "the ledger knows no other queue"


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda contract: contract.actor)
def test_a_golden_payload_still_decodes(contract: type[JobContract]) -> None:
    payload = GOLDEN[contract.actor]
    assert payload.items() <= contract.decode(payload).payload().items()


def test_there_is_no_golden_payload_of_a_job_that_is_gone() -> None:
    assert GOLDEN.keys() == CONTRACTS.keys()


def test_what_a_provider_told_is_tried_for_more_than_a_day() -> None:
    policy = HandlePaymentEvent.retry
    pauses = [back_off(failures, policy, jitter=0) for failures in range(policy.failures - 1)]
    assert sum(pauses) > 24 * 3600
