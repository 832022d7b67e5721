"""Only who knows LINK_SECRET signs, and any change of an entry is another digest."""

from datetime import timedelta

from core.audit.keys import START, Key, digest_of
from schemas.audit import AuditSeal
from tests.core.audit.entries import KEY
from tests.support.make import NOW


def test_a_signature_is_of_one_key_and_of_every_field() -> None:
    seal = AuditSeal(last_place=5, digest=b"d", sealed_at=NOW, signed_by="", signature=b"")
    KEY.sign(seal)
    assert KEY.signed(seal)
    assert not Key("6f" * 32).signed(seal)
    seal.sealed_at += timedelta(seconds=1)
    assert not KEY.signed(seal)
    assert KEY.mark(b"5:d") != Key("6f" * 32).mark(b"5:d")


def test_the_digest_of_an_entry_hangs_on_its_content_and_on_what_came_before() -> None:
    assert digest_of(START, b"[1]") == digest_of(START, b"[1]")
    assert digest_of(START, b"[1]") != digest_of(START, b"[2]")
    assert digest_of(bytes([1]) * 32, b"[1]") != digest_of(START, b"[1]")
