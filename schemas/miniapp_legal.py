"""Who sells, by law, as the Mini App gets and gives it."""

from typing import Annotated

import msgspec

from schemas.text import Text

Typed = Annotated[Text, msgspec.Meta(max_length=1000)]


class LegalAnswer(msgspec.Struct):
    """What stands on the invoices of later sales; all is empty where later sales get receipts."""

    name: str
    address: str
    vat_number: str


class LegalRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Who sells from now on; without a name and an address there are receipts, and no invoices."""

    name: Typed
    address: Typed
    vat_number: Typed = ""
