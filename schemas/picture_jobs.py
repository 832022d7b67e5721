"""Job contracts of pictures and previews, in the manner of `schemas.jobs`, which lists them too."""

from typing import ClassVar
from uuid import UUID

from schemas.contracts import STEADY, JobContract, Once, Queue, RetryPolicy


class PublishPicture(JobContract, frozen=True):
    """Upload a product's picture to Telegram once, so that the bot can send it by file id."""

    actor: ClassVar[str] = "publish_picture"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = STEADY

    product_id: int

    def once(self, picture_key: str) -> Once:
        """One upload for each picture, named by its key in the store."""
        return self._once(self.product_id, picture_key, word="picture")


class MakePreview(JobContract, frozen=True):
    """Show what is inside a file, of a few ranges of it; made again, it takes the earlier one's place."""

    actor: ClassVar[str] = "make_preview"
    queue: ClassVar[Queue] = "media"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 200.0

    asset_id: UUID

    def once(self) -> Once:
        """The preview of a new file."""
        return self._once(self.asset_id, word="preview")

    def again(self) -> Once:
        """A preview made anew; one that still waits is not doubled."""
        return self._once(self.asset_id, word="preview-again", released=True)


class PublishPreview(JobContract, frozen=True):
    """Upload a preview's pictures to Telegram once, so that the bot can send them by file id."""

    actor: ClassVar[str] = "publish_preview"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 200.0

    asset_id: UUID


PICTURE_JOBS: tuple[type[JobContract], ...] = (PublishPicture, MakePreview, PublishPreview)
