"""The whole shop as processes: PostgreSQL, Redis, the store, then API, bot and workers."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy.exc import OperationalError

from core.kit.redis_client import open_redis
from core.monitoring.disk import MEND_UNSEEN_DISK, unseen_disk
from core.process.setting_fields import Role
from core.process.settings import Settings
from scripts.embedded.completion import api_port, derived, own_store
from scripts.embedded.database import prepare_database
from scripts.embedded.earlier_store import earlier_objects, move_objects
from scripts.embedded.lifetime import Startable
from scripts.embedded.memory import descendants
from scripts.embedded.ports import LOOPBACK, accepts
from scripts.embedded.postgres import Postgres
from scripts.embedded.process import Process, StackError
from scripts.embedded.redis_server import RedisServer
from scripts.embedded.roles import RoleProcess, Roles
from scripts.embedded.runfile import ENVIRONMENT, RUN, lock, own_secrets, write_json
from scripts.embedded.starters import Part, Starters
from scripts.embedded.watch import Supervised, Watch

PARENT = "parent"  # of API, bot and workers


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
        control_group: Path | None = None,
        report: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.var = var.absolute()
        self.settings: Settings
        self.processes: dict[str, Process | RoleProcess] = {}
        # An empty value means "not set", but a shop may say that it has no web address.
        self._overrides = {
            name: value for name, value in (environment or {}).items() if value or name == "PUBLIC_URL"
        }
        self._roles = roles
        self._extras = extras
        self._fsync = fsync
        self._control_group = control_group
        self._report = report
        self._resources = ExitStack()
        self._children: Roles | None = None
        self._watch: Watch | None = None
        self._writing = threading.Lock()
        self._starters = Starters([])
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
            self.settings = derived(Settings.from_environment(self._start_parts()))
            if unseen := unseen_disk(self.settings.store_folder):
                self._report(f"{unseen}. {MEND_UNSEEN_DISK}")
            self._move_earlier_objects()
            self._children = self._make_roles()
            self._children.launch()  # what it imports takes as long as the schema
            self._migrate()
            self._children.begin()
            for name, process in self.processes.items():
                self._report(f"{name} started, process {process.pid}")
            members: list[Supervised] = [*self.parts.values(), *self._parent()]
            self._watch = Watch(members, self._happened)
            self._watch.start()
            write_json(self.var / ENVIRONMENT, self.settings.environment_for("cli"))
            self._write_run_file()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop all: first who takes orders in, then the workers, then the servers.

        A server that is being started, in whichever thread, is not waited for.
        """
        self._starters.give_up()
        if self._watch:
            self._watch.pause()
        if self._children:
            self._children.ask_to_stop()
            self._children.stop()
        for part in self.parts.values():
            part.ask_to_stop()
        for part in reversed(self.parts.values()):
            part.stop()
        if self._watch:
            self._watch.close()
        self._resources.close()

    def pids(self, name: str) -> list[int]:
        """Process ids of a role or server with all that it started; of the parent of the roles, its own."""
        member = self._member(name)
        if isinstance(member, RoleProcess):
            return [pid for child in member.children() for pid in descendants(child)]
        return [member.pid] if name == PARENT else descendants(member.pid)

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
        member = self._member(name)
        if isinstance(member, RoleProcess):
            self._roles_running().pause(member.name)
        else:
            self._watching().pause(name)
            member.stop()
        self._report(f"{name} stopped")

    def lose(self, name: str) -> None:
        """SIGKILL a role or server for good, as when its machine is lost."""
        self._watching().pause(name)
        self._member(name).kill()
        self._report(f"{name} lost")

    def resume(self, name: str) -> None:
        """Start what `pause` stopped."""
        member = self._member(name)
        if isinstance(member, RoleProcess):
            self._roles_running().resume(member.name)
        else:
            member.start()
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
        with open_redis(self.settings.redis_url, timeout=5, retries=1) as client:
            client.flushall()

    def _start_parts(self) -> dict[str, str]:
        """Start the servers that are not given, in order; returns the settings, completed."""
        keys, link_secret = own_secrets(self.var)
        port = str(api_port(self._overrides))
        if "api" in self._roles and accepts(int(port)):
            raise StackError(f"Port {port} is taken by another program. Stop it, or set another API_PORT.")
        environment = {
            "ENV": "development",
            "API_HOST": LOOPBACK,
            "API_PORT": port,
            "PUBLIC_URL": f"http://{LOOPBACK}:{port}",
            "LINK_SECRET": link_secret,
            "SESSION_DIR": str(self.var / "sessions"),
            "LOG_FORMAT": "console",
        } | self._overrides
        store = own_store(self.var / "objects", self._log("store"), keys, environment)
        postgres = Postgres(self.var / "postgres", self._log("postgres"), fsync=self._fsync)
        redis = RedisServer(self.var / "redis", self._log("redis"))
        for server in (postgres, redis, store):
            server.control_group = self._control_group
        embedded: dict[str, Part] = {"DATABASE_URL": postgres, "REDIS_URL": redis, "S3_ENDPOINT": store}
        missing = [part for name, part in embedded.items() if not _is_set(environment, name)]
        self._start_together([*missing, *self._extras])
        for part in self.parts.values():
            environment = self._with(part, environment)
        return environment

    def _move_earlier_objects(self) -> None:
        folder = earlier_objects(self.var)
        if folder and "store" in self.parts:
            move_objects(folder, self.settings.s3_bucket, self.settings, self._report)

    def _start_together(self, parts: Sequence[Part]) -> None:
        """Start these servers side by side."""
        self._starters = Starters(parts)
        self._resources.callback(self._starters.close)
        self.parts.update({part.name: part for part in parts})
        self._starters.start()
        for part in parts:
            self._report(f"{part.name} started, process {part.pid}")

    def _with(self, part: Part, environment: dict[str, str]) -> dict[str, str]:
        """A server that was not given completes the settings; one that was asked for overrules them."""
        if part in self._extras:
            return environment | part.environment
        return environment | part.environment | self._overrides

    def _migrate(self) -> None:
        try:
            prepare_database(self.settings)
        except OperationalError as error:
            raise StackError(
                f"The database of DATABASE_URL cannot be used: {error.orig}. Start it, or correct or remove "
                "DATABASE_URL (without it, a PostgreSQL of our own is started)."
            ) from None

    def _make_roles(self) -> Roles:
        roles = Roles(self.settings, self._roles, self._log)
        roles.parent.control_group = self._control_group
        if self._roles:
            self.processes[PARENT] = roles.parent
            for role, member in roles.members.items():
                self.processes[role] = member
        return roles

    def _parent(self) -> list[Process]:
        return [process for process in self.processes.values() if isinstance(process, Process)]

    def _forget(self) -> None:
        for name in (RUN, ENVIRONMENT):
            (self.var / name).unlink(missing_ok=True)

    def _log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def _members(self) -> dict[str, Part | Process | RoleProcess]:
        return {**self.parts, **self.processes}

    def _member(self, name: str) -> Part | Process | RoleProcess:
        members = self._members()
        if name not in members:
            raise StackError(f"{name} is not part of this stack, which has {', '.join(members)}.")
        return members[name]

    def _watching(self) -> Watch:
        if self._watch is None:
            raise StackError("This stack is not running. Call start() first.")
        return self._watch

    def _roles_running(self) -> Roles:
        if self._children is None:
            raise StackError("This stack is not running. Call start() first.")
        return self._children

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


def _is_set(environment: Mapping[str, str], name: str) -> bool:
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))
