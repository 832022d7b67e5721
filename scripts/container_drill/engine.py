"""Docker as programs on this machine: an engine that runs, or one that is started for the drill."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from scripts.embedded.process import StackError, wait_until

STARTED_WITHIN = 60.0  # seconds


class Engine:
    """A Docker engine. Every failure is a `StackError` with the end of what the program said."""

    def __init__(self, host: str = "") -> None:
        # The builder that needs no plugin: https://docs.docker.com/reference/cli/docker/build-legacy/
        self.environment = {**os.environ, "DOCKER_BUILDKIT": "0"}
        if host:
            self.environment["DOCKER_HOST"] = host

    def run(
        self,
        *command: str,
        cwd: Path | None = None,
        stdin: bytes | None = None,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """What a program says on its standard output, with the engine's address in its environment."""
        done = subprocess.run(
            command, cwd=cwd, env={**self.environment, **more}, input=stdin, capture_output=True, check=False
        )
        if done.returncode != 0:
            output = (done.stderr or done.stdout).decode(errors="replace")[-3000:]
            raise StackError(f"{' '.join(command)} ended with {done.returncode}:\n{output}")
        return done.stdout.decode(errors="replace").strip()

    def docker(self, *arguments: str) -> str:
        """`docker …`."""
        return self.run("docker", *arguments)

    def answers(self) -> bool:
        """Whether the engine can be reached."""
        try:
            self.docker("version", "--format", "{{.Server.Version}}")
        except StackError:
            return False
        return True

    def has(self, image: str) -> bool:
        """Whether the image is here."""
        try:
            self.docker("image", "inspect", image)
        except StackError:
            return False
        return True


@contextmanager
def an_engine(folder: Path) -> Iterator[Engine]:
    """The engine that runs here, or one below `folder`, which ends with the drill.

    Raises `StackError` where there is neither.
    """
    engine = Engine()
    if engine.answers():
        yield engine
        return
    if os.geteuid() != 0 or shutil.which("dockerd") is None:
        raise StackError(
            "No Docker engine answers, and none can be started: that wants root and dockerd "
            "(Debian: apt-get install docker.io docker-compose debootstrap)."
        )
    folder.mkdir(parents=True, exist_ok=True)
    engine = Engine(f"unix://{folder}/docker.sock")
    with (folder / "dockerd.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *("dockerd", "--host", f"unix://{folder}/docker.sock", "--pidfile", str(folder / "pid")),
                *("--data-root", str(folder / "images"), "--exec-root", str(folder / "run")),
            ],
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(engine.answers, STARTED_WITHIN, "dockerd")
        yield engine
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
