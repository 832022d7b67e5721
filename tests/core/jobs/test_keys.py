"""The keys under which jobs are written once: their texts stand in the ledgers of shops that are upgraded."""

from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlmodel import Session

from core.jobs.ledger import KeyTaken, enqueue
from schemas.card_jobs import LookAtCheckout, OpenCheckout, RefundCard
from schemas.contracts import JobContract, Once
from schemas.jobs import (
    AnnounceReplacement,
    Deliver,
    ExpireOrders,
    HandlePaymentEvent,
    Notify,
    OpenInvoice,
    PollInvoices,
    ReclaimUpload,
    RefundStars,
    RelayQuestion,
    RetryUndelivered,
    SendLinks,
    SetMenu,
    TakeTelegramFile,
    VerifyUpload,
)
from schemas.member_jobs import (
    Admit,
    AnswerJoinRequest,
    CheckRoster,
    ExpireMember,
    ImportMembers,
    RemoveMember,
    RemoveStranger,
    RevokeInvite,
    SetStarRenewal,
    WarnMember,
)
from schemas.notification_jobs import (
    ConfirmMail,
    MailClaim,
    MailNotification,
    MailOrderNews,
    MailSupportAnswer,
)
from schemas.picture_jobs import MakePreview, PublishPicture
from schemas.upkeep_jobs import MakeBackup

ONE = "6f1c1a8e-5a0e-4a3d-9d0a-0d6f6a1f2b3c"
ID = UUID(ONE)
AT = datetime(2026, 11, 20, 12, 0, 0, 600_000, tzinfo=UTC)  # 1795176000.6
NOTICE = Notify(user_id=7, text="sale-made")
RETURN = Admit(membership_id=7, occasion="resumed")
STRANGER = RemoveStranger(channel_id=3, telegram_id=700)

# Written once and kept, as the golden payloads: what was asked for before an upgrade and is asked for again
# after it must meet the job that is there.
FOR_EVER = {
    "deliver:7:0": Deliver(order_id=7).of_attempt(0),
    "deliver:8:2": Admit(membership_id=7, occasion="paid", order_id=8).of_attempt(2),
    f"replaced:{ONE}:7": SendLinks(grant_id=7, occasion="replaced", asset_id=ID).of_replacement(),
    "notify:7:sale-made:9": NOTICE.once("9"),
    "mail_order_news:payment-failed:7": MailOrderNews(order_id=7, text="payment-failed", params={}).once("7"),
    "mail_support_answer:7": MailSupportAnswer(answer_id=7).once(),
    "relay_question:7": RelayQuestion(question_id=7).once(),
    "picture:7:uploads/1/a.jpg": PublishPicture(product_id=7).once("uploads/1/a.jpg"),
    f"preview:{ONE}": MakePreview(asset_id=ID).once(),
    "open_invoice:7": OpenInvoice(order_id=7).once(),
    "refund_card:7": RefundCard(refund_id=7).once(),
    "open_checkout:7": OpenCheckout(order_id=7).once(),
    f"event:{ONE}": HandlePaymentEvent(event_id=ID).once(),
    f"announce_replacement:{ONE}": AnnounceReplacement(asset_id=ID).once(),
    f"verify:{ONE}:{AT.isoformat()}": VerifyUpload(upload_id=ID).of_completion(AT),
    f"take:{ONE}": TakeTelegramFile(upload_id=ID).once(),
    "trial:7": Admit(membership_id=7, occasion="trial").of_trial(),
    "resumed:7:4": RETURN.of_return(4),
    "restored:3:7:4": RETURN.of_removal_undone(3, 4),
    f"replaced:{ONE}": RETURN.of_invite_replaced(ID),
    "missing:3:700:7:4": RETURN.when_missing(3, 700, 4),
    "join:3:700:1795176001": AnswerJoinRequest(channel_id=3, telegram_id=700).once(AT),
    "expire:7:4": ExpireMember(membership_id=7, turn=4).once(),
    "remove:3:7:4": RemoveMember(channel_id=3, telegram_id=700).once(7, 4),
    "stranger:3:700:1795176001": STRANGER.once(AT),
    f"revoke_invite:{ONE}": RevokeInvite(invite_id=ID).once(),
    "warn:7:1800000000:3": WarnMember(membership_id=7, ends=1_800_000_000, days=3).once(),
    "roster:3:1800000000:0": CheckRoster(channel_id=3, begun=1_800_000_000).once(),
    f"roster:3:1800000000:{ONE}": CheckRoster(channel_id=3, begun=1_800_000_000).once(ID),
    "import:7": ImportMembers(import_id=7).once(),
    "mail:7": MailNotification(notification_id=7).once(),
    "confirm-mail:7:2": ConfirmMail(address_id=7, issue=2).once(),
    "mail-claim:7": MailClaim(order_id=7).once(),
    "cron:nightly:2026-11-20T12:00Z": PollInvoices().in_slot("nightly", AT),
}
UNTIL_THE_END = {
    f"links:7:{ONE}": SendLinks(grant_id=7, occasion="library", asset_id=ID).on_request(),
    "links:7:all": SendLinks(grant_id=7, occasion="library").on_request(),
    "refund:7": RefundStars(order_id=7).once(),
    "refund:7:charge": RefundStars(order_id=7, charge_id="charge").once(),
    f"preview-again:{ONE}": MakePreview(asset_id=ID).again(),
    "set_menu:7": SetMenu(user_id=7).once(),
    "look_at_checkout:7": LookAtCheckout(order_id=7).once(),
    f"replay:{ONE}": HandlePaymentEvent(event_id=ID).replay(),
    "retry_undelivered:by_hand": RetryUndelivered().by_hand(),
    f"reclaim:{ONE}": ReclaimUpload(upload_id=ID).once(),
    "reissue:7": Admit(membership_id=7, occasion="reissued").on_request(),
    "expire:7:4:net": ExpireMember(membership_id=7, turn=4).once_more(),
    "check:3:700": STRANGER.on_check(),
    "renewal:7": SetStarRenewal(subscription_id=7).once(),
    "backup": MakeBackup().by_hand(),
}
SHARED = {
    "deliver": {Deliver, Admit},  # of one order: links to files, or into channels
    "replaced": {SendLinks, Admit},  # an id and a number, or an id alone
}
"""First words of keys that two contracts have, and why they do not meet."""


@pytest.mark.parametrize(("key", "once"), FOR_EVER.items(), ids=str)
def test_a_key_that_is_taken_for_ever_keeps_its_text(key: str, once: Once) -> None:
    assert (once.key, once.released) == (key, False)


@pytest.mark.parametrize(("key", "once"), UNTIL_THE_END.items(), ids=str)
def test_a_key_that_is_free_again_at_the_jobs_end_keeps_its_text(key: str, once: Once) -> None:
    assert (once.key, once.released) == (key, True)


def test_the_first_word_of_a_key_belongs_to_one_contract() -> None:
    contracts: dict[str, set[type[JobContract]]] = defaultdict(set)
    for key, once in (FOR_EVER | UNTIL_THE_END).items():
        contracts[key.split(":")[0]].add(type(once.job))
    assert {word: those for word, those in contracts.items() if len(those) > 1} == SHARED


def test_a_key_that_another_actors_job_has_is_an_error(session: Session) -> None:
    enqueue(session, Once(PollInvoices(), "slot"))
    with pytest.raises(KeyTaken, match="expire_orders asks for the key slot, which poll_invoices has"):
        enqueue(session, Once(ExpireOrders(), "slot"))
