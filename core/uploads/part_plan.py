"""How a file is cut into the parts of an S3 multipart upload."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.kit.errors import Refused

MIB = 1 << 20
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
MOST_PARTS = 10_000
LARGEST_PART = 5 * 1024 * MIB
LARGEST_FILE = MOST_PARTS * LARGEST_PART
USUAL_PART = 16 * MIB  # the smallest allowed is 5 MiB; fewer requests for the same memory


@dataclass(frozen=True)
class Part:
    """Bytes `offset` to `offset + size` of the file; `number` counts from 1."""

    number: int
    offset: int
    size: int


@dataclass(frozen=True)
class UploadPlan:
    """A file of `size` bytes in parts of `part_size` bytes, the last one being what is left."""

    size: int
    part_size: int

    @property
    def count(self) -> int:
        """How many parts there are, at least one."""
        return max(1, -(-self.size // self.part_size))

    def part(self, number: int) -> Part:
        """One of them; `number` is from 1 to `count`."""
        offset = (number - 1) * self.part_size
        return Part(number, offset, min(self.part_size, self.size - offset))

    def parts(self) -> Iterator[Part]:
        """All parts, in order, without gaps."""
        return map(self.part, range(1, self.count + 1))


def plan_upload(size: int) -> UploadPlan:
    """The plan for `size` bytes. The part size grows in whole MiB so that 10,000 parts always suffice.

    Raises `Refused` for a file larger than S3 takes (48.8 TiB).
    """
    if size > LARGEST_FILE:
        raise Refused("file-too-large", {"size": size, "limit": LARGEST_FILE})
    smallest = -(-size // MOST_PARTS)
    return UploadPlan(size, max(USUAL_PART, -(-smallest // MIB) * MIB))
