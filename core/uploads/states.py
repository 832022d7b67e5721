"""The states of an upload, in sets: on its way, sent whole, or given up. The others are decided for good."""

from schemas.uploads import UploadState

UNFINISHED: tuple[UploadState, ...] = ("open", "awaiting_payment")
"""Bytes may still come; left alone, it is closed when its time is over."""
UNDER_WAY: tuple[UploadState, ...] = (*UNFINISHED, "verifying", "moderation")
"""Nobody has decided about it; the same file for the same product is the same upload."""
COMPLETED: tuple[UploadState, ...] = ("verifying", "moderation", "accepted")
"""All bytes were sent."""
GIVEN_UP: tuple[UploadState, ...] = ("refused", "aborted", "lost")
"""What is left of it in the store is removed."""
