"""Job contracts of pictures and previews, in the manner of `schemas.jobs`, which lists them too."""

from typing import ClassVar
from uuid import UUID

from schemas.contracts import BRIEF, STEADY, JobContract, Once, Queue, RetryPolicy


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
    tries: int = 0  # that ended because little memory was free

    def once(self) -> Once:
        """The preview of a new file."""
        return self._once(self.asset_id, word="preview")

    def later(self) -> Once:
        """The same once memory may be free, counted: its key is none that an earlier try still has."""
        after = MakePreview(asset_id=self.asset_id, tries=self.tries + 1)
        return after._once(self.asset_id, after.tries, word="preview-later", released=True)

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


class RemakePreviews(JobContract, frozen=True):
    """Have some of the previews made again that earlier rules made, which are shown nowhere until then."""

    actor: ClassVar[str] = "remake_previews"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


PICTURE_JOBS: tuple[type[JobContract], ...] = (PublishPicture, MakePreview, PublishPreview, RemakePreviews)
