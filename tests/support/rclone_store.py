"""`rclone serve s3`: a store unlike others, which shows what an odd one does to us.

Version 1.75 answers ranged GETs with 200 and Content-Range, wants parts numbered 1, 2, 3, … without a gap,
forgets unfinished uploads when it restarts, knows no rules of buckets and heeds no conditions.
"""

import sysconfig
from pathlib import Path

from scripts.embedded.lifetime import Startable
from scripts.embedded.ports import LOOPBACK, accepts, free_port
from scripts.embedded.process import Process, Server
from scripts.embedded.store_access import StoreKeys


class RcloneStore(Server, Startable):
    """One S3 server with one bucket. `origin` is what browsers may call it from (a flag, for all buckets)."""

    name = "rclone"
    region = "us-east-1"
    bucket = "comptoir"

    def __init__(self, data: Path, log: Path, keys: StoreKeys, *, origin: str = "*") -> None:
        super().__init__(data, log)
        self.keys = keys
        self.port = free_port()
        self._origin = origin

    @property
    def url(self) -> str:
        """The `http://` address of the server (path style)."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Make the bucket and start."""
        (self.data / self.bucket).mkdir(mode=0o700, parents=True, exist_ok=True)
        options = {
            "addr": f"{LOOPBACK}:{self.port}",
            "allow-origin": self._origin,
            "config": "",  # none of the user's own
            "etag-hash": "",  # an MD5 of the whole object at each request
        }
        command: list[str | Path] = [Path(sysconfig.get_path("scripts")) / "rclone", "serve", "s3", self.data]
        process = Process(
            self.name,
            [*command, *(f"--{name}={value}" for name, value in options.items())],
            self.log,
            environment={"RCLONE_AUTH_KEY": f'"{self.keys.access},{self.keys.secret}"'},
            cwd=self.data,
        )
        self._run(process, lambda: accepts(self.port))
