"""Each kind of notifications has its words, and each text one kind."""

from core.kit.texts import exists
from core.notifications.kinds import KIND_OF, KINDS


def test_every_kind_has_a_title_and_every_text_of_it_words() -> None:
    assert all(exists(f"notification-{kind}") for kind in KINDS)
    assert all(exists(text) for text in KIND_OF)
    assert len(KIND_OF) == sum(len(traits.texts) for traits in KINDS.values()), "a text has one kind"


def test_whoever_paid_what_fits_no_order_is_told_by_mail_too() -> None:
    assert KINDS[KIND_OF["payment-odd"]].ways["email"]
