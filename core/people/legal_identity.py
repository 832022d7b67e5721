"""The legal identity of a seller: what law asks to stand on invoices."""

import re
from dataclasses import dataclass

from sqlmodel import Session

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.names import bounded, clean_text
from core.kit.rows import must_get
from schemas.people import Seller

NAME_LIMIT, ADDRESS_LIMIT = 120, 300  # characters
VAT_NUMBER = re.compile("[A-Z]{2}[A-Z0-9]{2,13}")
"""The country and the number (https://ec.europa.eu/taxation_customs/vies: at most 12 characters in the Union,
13 in the United Kingdom and others)."""
VAT_LINE = re.compile(
    r"(?:n[°o]\s*(?:de\s*)?)?(?:VAT|TVA)\b[\s.:]*(?:(?:no\b|n°)[\s.:]*)?(.*)", re.IGNORECASE
)


@dataclass(frozen=True)
class LegalIdentity:
    """Who sells, by law. `vat_number` is empty where the seller has none; all are, where invoices end."""

    name: str
    address: str
    vat_number: str = ""


NOBODY = LegalIdentity("", "")


def read_identity(words: str) -> LegalIdentity:
    """The identity of one message: the name on its first line, the address below, and on any line of its
    own the VAT number, behind "VAT" or "TVA". Raises `Refused` "legal-incomplete"."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    numbers = [found[1] for line in lines[1:] if (found := VAT_LINE.fullmatch(line))]
    rest = [line for line in lines if not (line in lines[1:] and VAT_LINE.fullmatch(line))]
    if len(rest) < 2:
        raise Refused("legal-incomplete")
    return LegalIdentity(rest[0], "\n".join(rest[1:]), numbers[0] if numbers else "")


def identify_shop(session: Session, seller_id: int, identity: LegalIdentity, *, actor: str) -> Seller:
    """Keep who sells, for the papers of every later sale; `NOBODY` ends invoices, and receipts go on.

    Raises `Refused`: legal-incomplete, legal-name-too-long, legal-address-too-long, vat-number-wrong.
    """
    seller = must_get(session, Seller, seller_id, "shop-unknown", lock=True)
    name, address = clean_text(identity.name), clean_text(identity.address, lines=True)
    if bool(name) != bool(address) or (identity.vat_number and not name):
        raise Refused("legal-incomplete")
    seller.legal_name = bounded(name, "legal-name", NAME_LIMIT) if name else ""
    seller.legal_address = bounded(address, "legal-address", ADDRESS_LIMIT) if address else ""
    seller.vat_number = clean_vat_number(identity.vat_number)
    session.add(seller)
    record(session, actor, "shop.identified", f"seller:{seller_id}")
    session.flush()
    return seller


def clean_vat_number(typed: str) -> str:
    """A VAT number as registers write it; "" for none. Raises `Refused` "vat-number-wrong"."""
    number = re.sub(r"[\s.\-]", "", clean_text(typed)).upper()
    if number and not VAT_NUMBER.fullmatch(number):
        raise Refused("vat-number-wrong", {"number": number[:20]})
    return number
