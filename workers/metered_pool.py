"""HTTP connections to the store that count requests and bytes."""

from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from workers.instrumentation import Meter


class MeteredPool(urllib3.PoolManager):
    """Counts each request once, however often it was tried, with the sizes that its headers declare."""

    def __init__(self, meter: Meter, **options: Any) -> None:
        super().__init__(**options)
        self._meter = meter

    def urlopen(  # type: ignore[override]  # theirs names `redirect`, which passes through
        self, method: str, url: str, **options: Any
    ) -> urllib3.BaseHTTPResponse:
        """Send a request as the library does, and count it."""
        body = options.get("body")
        sent = len(body) if isinstance(body, bytes) else _length(options.get("headers"))
        try:
            answer = super().urlopen(method, url, **options)
        except HTTPError:
            self._meter.store(method, 0, sent, 0)
            raise
        received = 0 if method == "HEAD" else _length(answer.headers)
        self._meter.store(method, answer.status, sent, received)
        return answer


def _length(headers: Any) -> int:
    declared = {name.lower(): value for name, value in dict(headers or {}).items()}.get("content-length", "0")
    return int(declared)
