"""API, bot and workers of the embedded stack: children of one process, each found by its role."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from core.process import handed, kernel
from core.process.handed import Handed
from core.process.setting_fields import Role
from core.process.settings import Settings
from scripts.embedded.memory import children, descendants
from scripts.embedded.process import Process, StackError, tail, wait_until
from scripts.embedded.readiness import Readiness
from workers.runtime.groups import ALL, GROUPS, worker_groups

MODULE = "scripts.embedded.one_parent"
READY_WITHIN = 60.0  # seconds; a busy machine takes most of them for the imports
PATIENCE = 21.0  # seconds for all roles together to stop: workers give jobs back within 20
LONGEST = 40  # characters, of all roles' names
NAMES: dict[Role, tuple[str, ...]] = {
    "api": ("api",),
    "bot": ("bot",),
    "workers": tuple(group.name for group in (*GROUPS, ALL)),
}


class RoleProcess:
    """One role: the children that the parent keeps for it."""

    def __init__(self, role: Role, log: Path, parent: Process) -> None:
        self.name = role
        self.log = log
        self._parent = parent
        self._names = [kernel.short(f"comptoir-{name}") for name in NAMES[role]]

    @property
    def pid(self) -> int:
        """The process id of the first child; 0 while there is none."""
        return next(iter(self.children()), 0)

    def children(self) -> list[int]:
        """The ids of its children, in the order of their groups."""
        named = [(name, pid) for pid, name in children(self._parent.pid) if name in self._names]
        return [pid for _, pid in sorted(named, key=lambda pair: self._names.index(pair[0]))]

    def running(self) -> bool:
        """Whether a child of it lives."""
        return self._parent.running() and bool(self.children())

    def kill(self) -> None:
        """SIGKILL its children and all that they started; the parent starts them again."""
        for pid in [pid for child in self.children() for pid in descendants(child)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Roles:
    """The parent and its roles. What the parent hands to each is kept, so that it can be started again."""

    def __init__(self, settings: Settings, roles: Sequence[Role], log: Callable[[str], Path]) -> None:
        self._settings = settings
        self._groups = worker_groups(settings)
        self._files = {role: handed.write(role, Handed({})) for role in roles}
        self._control = handed.write("control", Handed({}))
        self._roster = handed.write("roster", Handed({}))
        handed.rewrite(self._roster, b"")
        self._open = [*self._files.values(), self._control, self._roster]
        self._resting: set[Role] = set(roles)
        self._readiness = Readiness(len(self._groups))
        self._launched = 0.0  # by the clock of files
        self.parent = Process(
            "parent",
            [sys.executable, "-OO", "-m", MODULE, *self._arguments()],
            log("parent"),
            environment=_open_settings(settings),
            death_signal=signal.SIGKILL,  # the ledger is made for it, and nothing is left to hold on to
            pass_fds=list(self._open),
        )
        self.members = {role: RoleProcess(role, log(role), self.parent) for role in roles}

    def launch(self) -> None:
        """Start the parent, which imports and checks the settings; its roles rest until `begin`."""
        if not self.members:
            return
        if self._settings.session_dir:
            self._settings.session_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.hand_over(*(self._readiness.address(role) for role in self.members))
        self._launched = time.time()
        self.parent.start()

    def begin(self) -> None:
        """Let all roles work, and wait until each serves. Raises `StackError`."""
        self._resting.clear()
        self._write_resting()
        with self._readiness as readiness:
            for role in self.members:
                try:
                    self.parent.wait_ready(partial(readiness.reached, role), READY_WITHIN)
                except StackError as error:
                    raise StackError(f"{error}{self._last_words()}") from None

    def hand_over(self, *addresses: str) -> None:
        """Write down what each role gets; `addresses` are those of NOTIFY_SOCKET, in the order of roles."""
        for (role, member), address in zip(self.members.items(), addresses, strict=True):
            member.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            own = Handed(self._settings.environment_for(role), str(member.log), address)
            handed.rewrite(self._files[role], own.encoded())
        self._write_resting()

    def ask_to_stop(self) -> None:
        """Begin to stop all of them; the parent gives them 20 seconds."""
        self.parent.ask_to_stop()

    def stop(self) -> None:
        """Wait until all have ended, and close what was handed to them. A second time does nothing."""
        self.parent.join(PATIENCE)
        while self._open:
            os.close(self._open.pop())

    def pause(self, role: Role) -> None:
        """Stop a role's children and let them rest. Raises `StackError` when they do not end."""
        self._resting.add(role)
        self._write_resting()
        member = self.members[role]
        wait_until(lambda: not member.running(), PATIENCE, f"{role} did not stop")

    def resume(self, role: Role) -> None:
        """Let a role that rests work again."""
        self._resting.discard(role)
        self._write_resting()

    def _last_words(self) -> str:
        """What each role that wrote since the launch wrote last: the parent only knows that a child ended."""
        exist = [(role, member.log) for role, member in self.members.items() if member.log.exists()]
        logs = [(role, log) for role, log in exist if log.stat().st_mtime > self._launched]
        return "".join(f"\n{log}, the log of {role}, ends with:\n{tail(log)}" for role, log in logs)

    def _arguments(self) -> list[str]:
        single = ["--one-worker"] if self._groups == (ALL,) else []
        files = [f"--role={role}={descriptor}" for role, descriptor in self._files.items()]
        return [*files, f"--control={self._control}", f"--roster={self._roster}", *single]

    def _write_resting(self) -> None:
        # Of one length, so that nobody reads half of the old behind the new.
        handed.rewrite(self._control, " ".join(sorted(self._resting)).ljust(LONGEST).encode())


def _open_settings(settings: Settings) -> dict[str, str]:
    """What the parent itself must know and everybody may: whether a library is needed for traces."""
    # Otherwise each thread has a heap of its own that the C library does not give back (mallopt(3)).
    variables = {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "1"}
    return variables | ({"OTLP_ENDPOINT": settings.otlp_endpoint} if settings.otlp_endpoint else {})
