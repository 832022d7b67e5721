"""The figures that the demo reports."""

from dataclasses import asdict, dataclass, field
from typing import Any

MIB = 1 << 20


@dataclass
class Report:
    """What the demo measured: sizes in bytes, growth in MiB of resident memory, time in seconds."""

    delivered: bool = False
    sold_by_card: bool = False
    file_bytes: int = 0
    downloaded_bytes: int = 0
    sha256_equal: bool = False
    redirect_status: int = 0
    web_growth_mib: float = 0.0
    file_bytes_through_web: int = 0
    seconds: float = 0.0
    memory_mib: dict[str, dict[str, float]] = field(default_factory=dict)
    web_bytes: dict[str, int] = field(default_factory=dict)
    jobs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def success(self) -> bool:
        """Whether both buyers got the file, and none of its bytes passed the web processes."""
        return (
            self.delivered
            and self.sold_by_card
            and self.sha256_equal
            and self.downloaded_bytes == self.file_bytes > 0
            and self.redirect_status == 302
            and self.file_bytes_through_web == 0
        )

    def as_json(self) -> dict[str, Any]:
        """All figures, ready to be written as JSON."""
        return asdict(self) | {"success": self.success}
