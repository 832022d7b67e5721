"""A seller at work on one product, for the tests of uploads."""

from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from core.catalogue.listing_fee import Fees
from core.kit.rows import id_of
from core.uploads.opening import Fingerprint, UploadRules, Wish, open_upload
from core.uploads.parts import complete
from core.uploads.verdicts import record_verified
from schemas.catalogue import Product
from schemas.people import User
from schemas.uploads import Policy, Upload, UploadState
from tests.support import make
from tests.support.make import NOW

RULES = UploadRules(50 * 2**30, 7, "on_confirm", {})


@dataclass
class Uploader:
    """A seller at work in one session."""

    session: Session
    owner: User
    product: Product
    rules: UploadRules = RULES

    def charge(self, fees: Fees, policy: Policy) -> None:
        """From now on listing costs this."""
        self.rules = replace(self.rules, fees=fees, policy=policy)

    def open(self, name: str = "cours.pdf", size: int = 1000, **options: Any) -> Upload:
        mark = Fingerprint(size, 1, [name.ljust(64, "0")] * 3)
        wish = Wish(id_of(self.product), name, size, "application/pdf", mark, **options)
        return open_upload(self.session, self.owner, wish, self.rules, now=NOW)[0]

    def send(self, name: str = "cours.pdf", **options: Any) -> Upload:
        """All bytes are in the store."""
        upload = self.open(name, **options)
        upload.store_upload_id = "begun"
        return complete(self.session, upload.id, ["etag"], now=NOW)

    def verify(
        self, upload: Upload, *findings: str, moderation: str = "flagged", sha256: str = "a" * 64
    ) -> Upload:
        return record_verified(
            self.session,
            upload.id,
            sha256=sha256,
            found_type="application/pdf",
            findings=list(findings),
            moderation=moderation,
            rules=self.rules,
            now=NOW,
        )

    def state_of(self, upload: Upload) -> UploadState:
        """As the database has it."""
        self.session.refresh(upload)
        return upload.state


def uploader_of(session: Session) -> Uploader:
    """A seller with a draft that has no file yet."""
    owner = make.user(session, name="Vendeuse")
    product = make.product(session, make.seller(session, owner), files=(), published=False)
    return Uploader(session, owner, product)
