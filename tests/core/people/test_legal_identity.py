"""Who sells, by law: what a seller writes in one message becomes what invoices say."""

import pytest
from sqlmodel import Session

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.people.legal_identity import NOBODY, LegalIdentity, clean_vat_number, identify_shop, read_identity
from tests.support import make


@pytest.mark.parametrize(
    "line", ["VAT FR40123456789", "TVA : FR40123456789", "N° de TVA FR40123456789", "vat no. FR40123456789"]
)
def test_a_message_has_the_name_the_address_and_a_vat_line_anywhere_below(line: str) -> None:
    found = read_identity(f" Awa SARL \n12 rue des Abbesses\n{line}\n\n75018 Paris")
    assert found == LegalIdentity("Awa SARL", "12 rue des Abbesses\n75018 Paris", "FR40123456789")


def test_a_name_that_begins_like_a_vat_line_is_a_name() -> None:
    assert read_identity("Vat Exports Ltd\n1 High Street") == LegalIdentity(
        "Vat Exports Ltd", "1 High Street"
    )


@pytest.mark.parametrize("words", ["", "Awa SARL", "Awa SARL\nVAT FR40123456789"])
def test_a_name_without_an_address_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="legal-incomplete"):
        read_identity(words)


def test_it_is_kept_clean_and_can_be_taken_back(session: Session) -> None:
    shop = make.seller(session)
    given = LegalIdentity(" Awa SARL ", "12 rue des Abbesses\n75018 Paris", "fr 40 123.456-789")
    identify_shop(session, id_of(shop), given, actor="user:1")
    assert (shop.legal_name, shop.vat_number) == ("Awa SARL", "FR40123456789")
    identify_shop(session, id_of(shop), NOBODY, actor="user:1")
    assert (shop.legal_name, shop.legal_address, shop.vat_number) == ("", "", "")


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        (LegalIdentity("", "1 High Street"), "legal-incomplete"),
        (LegalIdentity("Awa", ""), "legal-incomplete"),
        (LegalIdentity("", "", "FR40123456789"), "legal-incomplete"),
        (LegalIdentity("x" * 121, "1 High Street"), "legal-name-too-long"),
        (LegalIdentity("Awa", "x" * 301), "legal-address-too-long"),
        (LegalIdentity("Awa", "1 High Street", "40123456789"), "vat-number-wrong"),
    ],
)
def test_what_no_invoice_could_say_is_refused(session: Session, identity: LegalIdentity, code: str) -> None:
    shop = make.seller(session)
    with pytest.raises(Refused, match=code):
        identify_shop(session, id_of(shop), identity, actor="user:1")


def test_no_vat_number_is_none() -> None:
    assert clean_vat_number("  ") == ""
