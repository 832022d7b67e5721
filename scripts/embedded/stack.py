"""The whole shop as processes: PostgreSQL, Redis, the store, then API, bot and workers."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Protocol

import redis
from sqlalchemy.exc import OperationalError

from core.people.initdata import derive_secret
from core.process.migrate import upgrade
from core.process.setting_fields import Role
from core.process.settings import Settings
from scripts.embedded.lifetime import Startable
from scripts.embedded.memory import descendants
from scripts.embedded.postgres import Postgres
from scripts.embedded.process import Process, StackError
from scripts.embedded.readiness import Readiness
from scripts.embedded.redis_server import RedisServer
from scripts.embedded.runfile import ENVIRONMENT, RUN, lock, own_secrets, write_json
from scripts.embedded.store import LOOPBACK, Store, free_port
from scripts.embedded.watch import Supervised, Watch

MODULES: dict[Role, str] = {"api": "api.main", "bot": "bot.main", "workers": "workers.main"}
READY_WITHIN = 30.0  # seconds
# Docstrings of the Telegram client are 10 MiB; the API shows its own in the OpenAPI document.
OPTIONS: dict[Role, list[str]] = {"api": [], "bot": ["-OO"], "workers": ["-OO"]}
PATIENCE = 21.0  # seconds for all roles together to stop: workers give jobs back within 20


class Part(Supervised, Protocol):
    """A server of the stack that our processes find by environment variables."""

    @property
    def environment(self) -> dict[str, str]: ...

    def stop(self) -> None: ...


class Stack(Startable):
    """A shop under one folder, started by `with` or `start`, ended by `stop` or with its starter.

    `environment` holds settings by variable name; a server whose address is among them is not started.
    `roles` are the processes of ours. `extras` are further servers, started before them. `fsync` False
    is for tests. `told` receives what happens, one line each.
    """

    def __init__(
        self,
        var: Path,
        environment: Mapping[str, str] | None = None,
        roles: Sequence[Role] = ("api", "bot", "workers"),
        *,
        extras: Sequence[Part] = (),
        fsync: bool = True,
        report: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.var = var.absolute()
        self.settings: Settings
        self.processes: dict[str, Process] = {}
        # An empty value means "not set", but a shop may say that it has no web address.
        self._overrides = {
            name: value for name, value in (environment or {}).items() if value or name == "PUBLIC_URL"
        }
        self._roles = roles
        self._extras = extras
        self._fsync = fsync
        self._report = report
        self._resources = ExitStack()
        self._watch: Watch | None = None
        self._writing = threading.Lock()
        self.parts: dict[str, Part] = {}

    @property
    def url(self) -> str:
        """The API's own address; people may be given another one (PUBLIC_URL)."""
        return f"http://{LOOPBACK}:{self.settings.api_port}"

    def start(self) -> None:
        """Start all in order. Raises `StackError` or `SettingError`, with nothing left running."""
        try:
            self._resources.enter_context(lock(self.var))
            self._resources.callback(self._forget)
            environment = self._start_parts()
            self.settings = Settings.from_environment(environment)
            self._migrate()
            self._start_roles()
            members: list[Supervised] = [*self.parts.values(), *self.processes.values()]
            self._watch = Watch(members, self._happened)
            self._watch.start()
            write_json(self.var / ENVIRONMENT, self.settings.environment_for("cli"))
            self._write_run_file()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop all: first who takes orders in, then the workers, then the servers."""
        if self._watch:
            self._watch.pause()
        for process in self.processes.values():
            process.ask_to_stop()
        deadline = time.monotonic() + PATIENCE
        for process in self.processes.values():
            process.join(max(0.0, deadline - time.monotonic()))
        for part in reversed(self.parts.values()):
            part.stop()
        if self._watch:
            self._watch.close()
        self._resources.close()

    def object_path(self, name: str) -> Path:
        """The file of an object in the embedded store. Raises `StackError` for a store of others."""
        store = self.parts.get("store")
        if not isinstance(store, Store):
            raise StackError("This needs the embedded store. Remove S3_ENDPOINT from the environment.")
        return store.data / store.bucket / name

    def pids(self, name: str) -> list[int]:
        """Process ids of a role or server with all its children, the parent first."""
        return descendants(self._member(name).pid)

    def log_text(self, name: str) -> str:
        """All that a role or server has logged."""
        return self._member(name).log.read_text(errors="replace")

    def logs(self) -> dict[str, Path]:
        """The log file of each role and server."""
        return {name: member.log for name, member in self._members().items()}

    def kill(self, name: str) -> None:
        """SIGKILL a role or server with all its children, as a crash would; it is started again."""
        self._member(name).kill()

    def pause(self, name: str) -> None:
        """Stop a role or server and leave it stopped."""
        self._watching().pause(name)
        member = self._member(name)
        member.stop()
        self._report(f"{member.name} stopped")

    def resume(self, name: str) -> None:
        """Start what `pause` stopped."""
        self._member(name).start()
        self._watching().resume(name)
        self._write_run_file()

    def restart_postgres(self) -> None:
        """Restart PostgreSQL; its clients lose their connections."""
        self.pause("postgres")
        self.resume("postgres")

    def stop_store(self) -> None:
        """Take the store away."""
        self.pause("store")

    def start_store(self) -> None:
        """Bring the store back, at the same address."""
        self.resume("store")

    def flush_redis(self) -> None:
        """Delete everything in Redis (FLUSHALL)."""
        with redis.Redis.from_url(self.settings.redis_url) as client:
            client.flushall()

    def _start_parts(self) -> dict[str, str]:
        """Start the servers that are not given, in order; returns the settings, completed."""
        keys, link_secret = own_secrets(self.var)
        port = self._overrides.get("API_PORT") or str(free_port())
        environment = {
            "ENV": "development",
            "API_HOST": LOOPBACK,
            "API_PORT": port,
            "PUBLIC_URL": f"http://{LOOPBACK}:{port}",
            "LINK_SECRET": link_secret,
            "SESSION_DIR": str(self.var / "sessions"),
            "LOG_FORMAT": "console",
        } | self._overrides
        embedded: dict[str, Part] = {
            "DATABASE_URL": Postgres(self.var / "postgres", self._log("postgres"), fsync=self._fsync),
            "REDIS_URL": RedisServer(self.var / "redis", self._log("redis"), durable=self._fsync),
            "S3_ENDPOINT": Store(self.var / "store", self._log("store"), keys),
        }
        missing = [part for name, part in embedded.items() if not _is_set(environment, name)]
        for part in (*missing, *self._extras):
            self.parts[part.name] = part
            part.start()
            self._report(f"{part.name} started, process {part.pid}")
            environment = self._with(part, environment)
        return self._derived(environment) | environment

    @staticmethod
    def _derived(environment: Mapping[str, str]) -> dict[str, str]:
        """What the API needs of secrets and addresses that it must not have."""
        derived = {
            "STORE_ORIGIN": environment.get("S3_PUBLIC_ENDPOINT") or environment.get("S3_ENDPOINT", "")
        }
        token = environment.get("BOT_TOKEN", "")
        if token:
            derived |= {"INIT_DATA_SECRET": derive_secret(token), "BOT_ID": token.partition(":")[0]}
        return derived

    def _with(self, part: Part, environment: dict[str, str]) -> dict[str, str]:
        """A server that was not given completes the settings; one that was asked for overrules them."""
        if part in self._extras:
            return environment | part.environment
        return environment | part.environment | self._overrides

    def _migrate(self) -> None:
        try:
            upgrade(self.settings.database_url)
        except OperationalError as error:
            raise StackError(
                f"The database of DATABASE_URL cannot be used: {error.orig}. Start it, or correct or remove "
                "DATABASE_URL (without it, a PostgreSQL of our own is started)."
            ) from None

    def _start_roles(self) -> None:
        if self.settings.session_dir:
            self.settings.session_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with Readiness() as readiness:
            for role in self._roles:
                process = role_process(role, self.settings, self._log(role), readiness.address(role))
                self.processes[role] = process
                process.start()
                self._report(f"{role} started, process {process.pid}")
            for role in self._roles:
                self.processes[role].wait_ready(partial(readiness.reached, role), READY_WITHIN)

    def _forget(self) -> None:
        for name in (RUN, ENVIRONMENT):
            (self.var / name).unlink(missing_ok=True)

    def _log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def _members(self) -> dict[str, Part | Process]:
        return {**self.parts, **self.processes}

    def _member(self, name: str) -> Part | Process:
        members = self._members()
        if name not in members:
            raise StackError(f"{name} is not part of this stack, which has {', '.join(members)}.")
        return members[name]

    def _watching(self) -> Watch:
        if self._watch is None:
            raise StackError("This stack is not running. Call start() first.")
        return self._watch

    def _happened(self, text: str) -> None:
        self._report(text)
        self._write_run_file()

    def _write_run_file(self) -> None:
        members = self._members()
        content = {
            "url": self.url,
            "public_url": self.settings.public_url,
            "pids": {name: member.pid for name, member in members.items()},
            "logs": {name: str(member.log) for name, member in members.items()},
        }
        with self._writing:
            write_json(self.var / RUN, content)


def role_process(role: Role, settings: Settings, log: Path, notify_socket: str) -> Process:
    """A process of one role that gets the variables of this role and no others."""
    environment = {"PYTHONUNBUFFERED": "1", "NOTIFY_SOCKET": notify_socket, **settings.environment_for(role)}
    return Process(
        role,
        [sys.executable, *OPTIONS[role], "-m", MODULES[role]],
        log,
        environment=environment,
        death_signal=signal.SIGKILL,  # the ledger is made for it, and nothing is left to hold on to
    )


def _is_set(environment: Mapping[str, str], name: str) -> bool:
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))
