"""Uploads without a store: rows moved by the rules."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlmodel import Session

from core.catalogue.listing_fee import Fees
from core.kit.rows import id_of
from core.uploads.opening import Fingerprint, UploadRules, Wish, open_upload
from core.uploads.parts import complete
from core.uploads.verdicts import record_verified
from schemas.catalogue import Product
from schemas.people import User
from schemas.uploads import Upload
from tests.support import make
from tests.support.make import NOW

RULES = UploadRules(50 * 2**30, 7, "on_confirm", {})


@dataclass
class Desk:
    """A seller at work in one session."""

    session: Session
    owner: User
    product: Product
    rules: UploadRules = RULES

    def charge(self, fees: Fees, policy: str) -> None:
        """From now on listing costs this."""
        self.rules = replace(self.rules, fees=fees, policy=policy)

    def open(self, name: str = "cours.pdf", size: int = 1000, **given: Any) -> Upload:
        mark = Fingerprint(size, 1, [name.ljust(64, "0")] * 3)
        wish = Wish(id_of(self.product), name, size, "application/pdf", mark, **given)
        return open_upload(self.session, self.owner, wish, self.rules, now=NOW)[0]

    def send(self, name: str = "cours.pdf", **given: Any) -> Upload:
        """All bytes are in the store."""
        upload = self.open(name, **given)
        upload.store_upload_id = "begun"
        return complete(self.session, upload.id, ["etag"], now=NOW)

    def verify(
        self, upload: Upload, *findings: str, moderation: str = "flagged", sha256: str = "a" * 64
    ) -> Upload:
        told: dict[str, Any] = {"sha256": sha256, "found_type": "application/pdf", "findings": list(findings)}
        told |= {"moderation": moderation, "rules": self.rules, "now": NOW}
        return record_verified(self.session, upload.id, **told)


@pytest.fixture
def desk(session: Session) -> Desk:
    owner = make.user(session, name="Vendeuse")
    product = make.product(session, make.seller(session, owner), files=(), published=False)
    return Desk(session, owner, product)
