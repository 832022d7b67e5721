"""A copy of the project as an operator has it, run by its compose file and scripts/deploy/release."""

import json
import os
import re
import shutil
import signal
import ssl
from pathlib import Path
from typing import Any

from scripts.container_drill.engine import Engine
from scripts.embedded.process import PROJECT, StackError
from scripts.embedded.telegram import TOKEN, USERNAME

NAME = "comptoir-drill"
SHOP, STORE = "shop.localhost", "store.localhost"  # Caddy signs names of this kind by itself
OURS = ("api-a", "api-b", "bot", "worker-a", "worker-b", "cli", "migrate")
SUBNET = "10.213.77.0/24"
ROOT = "/data/caddy/pki/authorities/local/root.crt"
UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


class Shop:
    """The containers of one folder."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self.folder = folder
        for path in engine.run("git", "ls-files", cwd=PROJECT).splitlines():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / path, target)

    def write_settings(self) -> None:
        """`.env` as the runbook says, and limits that let the drill click as often as it likes."""
        lines = {
            "SHOP_DOMAIN": SHOP,
            "STORE_DOMAIN": STORE,
            "BOT_USERNAME": USERNAME,
            "TELEGRAM_API_ID": "1",
            "TELEGRAM_API_HASH": "0" * 32,
            "BOT_TOKEN": TOKEN,
            "SELLERS_OPEN": "yes",
            "LIMITS": "click=off;call-from=off",
        }
        (self.folder / ".env").write_text("".join(f"{name}={text}\n" for name, text in lines.items()))

    def talk_to(self, telegram: str) -> None:
        """Let all of ours take the loopback Telegram at this address for the real one."""
        both = {"environment": {"ENV": "sandbox"}}
        all_of_it = {"environment": {"ENV": "sandbox", "TELEGRAM_SANDBOX": telegram}}
        services = {name: both if name[:3] in ("api", "mig") else all_of_it for name in OURS}
        # JSON is YAML; version 3.7 and none are read alike by both generations of compose.
        outside = {"ipam": {"config": [{"subnet": SUBNET}]}}  # so that this machine's address is known ahead
        text = json.dumps({"services": services, "networks": {"outside": outside}})
        (self.folder / "drill.yml").write_text(text)

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "COMPOSE_PROJECT_NAME": NAME,
            "COMPOSE_FILE": "docker-compose.yml:drill.yml",
            "PATIENCE": "180",
        }

    def release(self, *arguments: str) -> str:
        """`scripts/deploy/release …`."""
        return self._engine.run("scripts/deploy/release", *arguments, cwd=self.folder, more=self._environment)

    def compose(self, *arguments: str, stdin: bytes | None = None) -> str:
        """`docker compose …`, of whichever generation is here."""
        new = self._engine.run("sh", "-c", "docker compose version >/dev/null 2>&1 && echo yes || echo no")
        program = ["docker", "compose"] if new == "yes" else ["docker-compose"]
        return self._engine.run(*program, *arguments, cwd=self.folder, stdin=stdin, more=self._environment)

    def command(self, *arguments: str, stdin: bytes | None = None, mount: str = "") -> str:
        """`docker compose run --rm cli …`."""
        mounts = ["-v", mount] if mount else []
        return self.compose("run", "--rm", "-T", *mounts, "cli", *arguments, stdin=stdin)

    def container(self, service: str) -> str:
        """The id of the container of a service."""
        return self.compose("ps", "-q", service)

    def state(self, service: str) -> str:
        """Its health, or what else Docker says of it."""
        form = "{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}"
        return self._engine.docker("inspect", "--format", form, self.container(service))

    def kill(self, service: str) -> None:
        """SIGKILL to its first process, past Docker, which does not restart what `docker kill` ended."""
        process = self._engine.docker("inspect", "--format", "{{.State.Pid}}", self.container(service))
        os.kill(int(process), signal.SIGKILL)

    def lose_the_database(self) -> None:
        """Drop the database and make an empty one, as after a broken disk."""
        where = ("--host", "/var/run/postgresql", "--username", "comptoir", "--maintenance-db", "postgres")
        for program in (("dropdb", "--force"), ("createdb",)):
            self.compose("exec", "-T", "postgres", *program, *where, "comptoir")

    def prometheus(self, question: str) -> list[dict[str, Any]]:
        """What Prometheus answers; nothing while it does not."""
        address = f"http://127.0.0.1:9090/api/v1/{question}"
        try:
            answer = self.compose("exec", "-T", "prometheus", "wget", "-q", "-O", "-", address)
        except StackError:
            return []
        return list(json.loads(answer)["data"]["result"])

    def trust(self) -> ssl.SSLContext:
        """Who trusts the proxy's own authority."""
        certificate = self._engine.docker("exec", self.container("proxy"), "cat", ROOT)
        return ssl.create_default_context(cadata=certificate)

    def memory(self) -> dict[str, int]:
        """Bytes that the containers take, by service, as the kernel counts them."""
        lines = self._engine.docker(
            "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}"
        ).splitlines()
        memory: dict[str, int] = {}
        for line in lines:
            name, amount = line.split()[:2]
            number = re.fullmatch(r"([\d.]+)([KMG]?i?B)", amount)
            service = re.fullmatch(rf"{NAME}[-_](.+)[-_]\d+", name)
            if number and service:
                memory[service[1]] = int(float(number[1]) * UNITS[number[2]])
        return memory

    def sizes(self, *images: str) -> dict[str, int]:
        """Bytes of images."""
        return {
            image: int(self._engine.docker("image", "inspect", "--format", "{{.Size}}", image))
            for image in images
        }

    def tag(self, version: str, other: str) -> None:
        """Give the image of one version the name of another."""
        self._engine.docker("tag", f"comptoir:{version}", f"comptoir:{other}")

    def looks(self, service: str) -> dict[str, Any]:
        """What Docker runs it with."""
        return dict(json.loads(self._engine.docker("inspect", self.container(service)))[0])

    def remove(self) -> None:
        """Stop and remove all containers, networks and volumes."""
        profiles = ("--profile", "tools", "--profile", "observability")
        self.compose(*profiles, "down", "--volumes", "--remove-orphans", "--timeout", "5")
