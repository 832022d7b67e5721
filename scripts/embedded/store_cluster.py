"""Runs SeaweedFS as a store of several servers on 127.0.0.1: master, filer, S3, volume servers.

As on several machines, each object lies on two of the volume servers, so that any one may be lost: it is read
from the other, and written to those that are left. Nothing but S3 answers without a key, as in `store`.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import urllib3
from urllib3.exceptions import HTTPError

from scripts.embedded.lifetime import Startable
from scripts.embedded.ports import LOOPBACK, free_port
from scripts.embedded.process import Process, wait_until
from scripts.embedded.store import FILER, MASTER, S3, Store, binary, remove_sockets, serves
from scripts.embedded.store_access import StoreKeys, s3_settings, write_access

SERVERS = 3
COPIES = "001"
"""One more copy, on another server (https://github.com/seaweedfs/seaweedfs/wiki/Replication). With `002` all
three would hold each object, and one that is lost would end all writing."""
READY = 20.0  # seconds
STOP = 2.0  # seconds until a part that rests before its end is killed; it is made for that


@dataclass(frozen=True)
class Part:
    """One program of the store, its port, and that of its gRPC."""

    process: Process
    port: int
    grpc: int

    @property
    def address(self) -> str:
        """As SeaweedFS writes both ports."""
        return f"{LOOPBACK}:{self.port}.{self.grpc}"

    def answers(self) -> bool:
        """Whether its HTTP answers that it is well."""
        try:
            url = f"http://{LOOPBACK}:{self.port}/healthz"
            return urllib3.request("GET", url, retries=False, timeout=2).status == 200
        except HTTPError:
            return False


class StoreCluster(Startable):
    """One bucket on `SERVERS` volume servers; a part of a stack in place of its own store.

    All ports stay the same over restarts.
    """

    name = "store"
    region = Store.region

    def __init__(self, data: Path, log: Path, keys: StoreKeys, *, bucket: str = "comptoir") -> None:
        self.data = data.absolute()
        self.log = log
        self.keys = keys
        self.bucket = bucket
        self.ending = threading.Event()  # while it is set, no start goes on
        self._lost: set[int] = set()
        self.master = self._part(
            "master", {"mdir": "master", "defaultReplication": COPIES, "peers": "none", **MASTER}
        )
        reaching = {"master": self.master.address}
        numbers = range(1, SERVERS + 1)
        self.volumes = {
            number: self._part("volume", {"dir": f"volume-{number}", "max": 0, **reaching}, f"-{number}")
            for number in numbers
        }
        self.filer = self._part("filer", {"defaultStoreDir": "filer", **reaching, **FILER})
        self.s3 = self._part("s3", {"filer": self.filer.address, "config": "s3.json", **S3})

    @property
    def url(self) -> str:
        """The `http://` address of S3 (path style)."""
        return f"http://{LOOPBACK}:{self.s3.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which our processes find it."""
        reached = s3_settings(self.url, self.region, self.bucket, self.keys)
        servers = ",".join(f"http://{LOOPBACK}:{part.port}" for part in self.volumes.values())
        return reached | {"STORE_SERVERS": servers}

    @property
    def pid(self) -> int:
        """The process id of the part that speaks S3; 0 before the first start."""
        return self.s3.process.pid

    def running(self) -> bool:
        """Whether every part runs that is not lost."""
        return all(part.process.running() for part in self._wanted())

    def start(self) -> None:
        """Start what does not run, but for lost servers, and make the bucket. Raises `StackError`."""
        for folder in ("master", "filer", *(f"volume-{number}" for number in self.volumes)):
            (self.data / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        write_access(self.data, self.keys, self.bucket)
        for part in self._wanted():
            if not part.process.running():
                part.process.start()
        # S3 makes a bucket before there is a server that could hold an object.
        wait_until(self._all_answer, READY, "a server of the store did not answer", self.ending)
        serves_bucket = partial(serves, self.s3.port, self.keys, self.bucket)
        self.s3.process.wait_ready(serves_bucket, READY, self.ending)

    def ask_to_stop(self) -> None:
        """Begin to stop all parts and do not wait."""
        for part in self._parts():
            part.process.ask_to_stop()

    def stop(self) -> None:
        """Stop all parts; nothing that was acknowledged is lost."""
        self.ask_to_stop()
        deadline = time.monotonic() + STOP
        for part in self._parts():
            part.process.join(max(0.0, deadline - time.monotonic()))
        remove_sockets([part.port for part in self._parts()])

    def kill(self) -> None:
        """SIGKILL all parts, as a crash of all machines at once would."""
        for part in self._parts():
            part.process.kill()

    def lose(self, number: int) -> None:
        """SIGKILL one volume server (from 1) and leave it dead, as when its machine is lost."""
        self._lost.add(number)
        self.volumes[number].process.kill()

    def bring_back(self, number: int) -> None:
        """Start a lost volume server again, with what it held. Raises `StackError`."""
        part = self.volumes[number]
        part.process.start()
        part.process.wait_ready(part.answers, READY)
        self._lost.discard(number)

    def _all_answer(self) -> bool:
        return all(part.answers() for number, part in self.volumes.items() if number not in self._lost)

    def _parts(self) -> list[Part]:
        return [self.s3, self.filer, *self.volumes.values(), self.master]

    def _wanted(self) -> list[Part]:
        alive = [part for number, part in self.volumes.items() if number not in self._lost]
        return [self.master, *alive, self.filer, self.s3]

    def _part(self, program: str, options: Mapping[str, object], suffix: str = "") -> Part:
        port, grpc = free_port(), free_port()
        places = {"ip": LOOPBACK, "ip.bind": LOOPBACK, "port": port, "port.grpc": grpc}
        flags = [f"-{name}={value}" for name, value in {**places, **options}.items()]
        log = self.log.with_name(f"{self.log.stem}-{program}{suffix}.log")
        command: list[str | Path] = [binary(), "-logtostderr=true", program, *flags]
        # The working directory is where it looks for security.toml.
        return Part(Process(f"store {program}{suffix}", command, log, cwd=self.data), port, grpc)
