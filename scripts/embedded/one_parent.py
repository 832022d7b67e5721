"""API, bot and workers as children of one process: `python -m scripts.embedded.one_parent`, as `comptoir up`
starts it on one host.

What several of them import is then in memory once. Each gets its own settings by a file without a name
(`core.process.handed`) and closes those of the others; the parent never reads them, so that no child finds
another's secrets in memory that it inherited.
"""

import core.process.import_guard  # noqa: F401, I001 - before whatever would import what it keeps out

import argparse
import asyncio
import importlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from sqlalchemy.orm import configure_mappers

import api.main
import bot.main
import workers.main
from core.kit.errors import SettingError
from core.kit.languages import use_languages
from core.process import handed, kernel
from core.process.handed import Handed
from core.process.import_guard import keep_out
from core.process.logs import configure_logs
from core.process.setting_fields import Role
from core.process.settings import Settings
from core.process.tracing import configure_reports, end_reports
from scripts.embedded.compiled import compiled_here
from scripts.embedded.process import open_private
from workers.runtime.groups import GROUPS, ALL, Group
from workers.runtime.parent import Parent
from workers.runtime.roster import Roster
from workers.runtime.worker_identity import WorkerIdentity

OTHERS = {"api": Group("api", score=100), "bot": Group("bot", score=100)}
NOT_THE_APIS = ("pyrogram", "minio", "dramatiq", "pymupdf", "av", "ffmpeg", "bot", "workers")
"""What the parent holds for others and the API must not use (pyproject.toml says the same of its imports)."""
CHECKS: Mapping[Role, Callable[[Settings], None]] = {
    "api": api.main.check,
    "bot": bot.main.check,
    "workers": workers.main.check,
}
WRONG = 2  # exit code: a setting is missing or wrong


class Shop:
    """The children of one parent, each with what was handed to its role. `files` are descriptors by role."""

    def __init__(self, files: Mapping[Role, int], control: int, roster: int, groups: Sequence[Group]) -> None:
        self._files = files
        self._control = control
        self._roster = roster
        self._groups = groups

    def run(self) -> int:
        """Check what was handed over, then keep the children running until SIGTERM; the exit code."""
        kernel.name_process("comptoir-parent")
        kernel.close_to_others()
        wrong = [role for role in self._files if not self._checked(role)]
        if wrong:
            return WRONG
        return Parent(self._groups, self.serve, paused=self.paused, roster=Roster(self._roster)).run()

    def paused(self) -> list[str]:
        """The groups that are to rest, by the roles that whoever started us has written down."""
        roles = handed.content(self._control).decode().split()
        return [group.name for group in self._groups if role_of(group) in roles]

    def serve(self, group: Group, identity: WorkerIdentity, stopped: threading.Event) -> None:
        """Be the child of one group."""
        role = role_of(group)
        own = self._take(role)
        _log_to(own)
        os.environ["NOTIFY_SOCKET"] = own.notify
        settings = Settings.from_environment(own.settings)
        if role == "workers":
            workers.main.serve(settings, group, identity, stopped)
            return
        # A session of its own: the parent's stands back for others (workers.runtime.scheduling_priority).
        os.setsid()
        kernel.end_with(os.getppid(), signal.SIGKILL)  # its port and its login are free for the next at once
        configure_logs(settings, process=role)
        configure_reports(settings, process=role)
        use_languages(unknown=settings.default_language, foreign=settings.fallback_language)
        if role == "api":
            keep_out(NOT_THE_APIS)
            sys.exit(api.main.serve(settings, stopped))
        asyncio.run(bot.main.run(settings, stopped))
        end_reports()

    def _take(self, role: Role) -> Handed:
        """What was handed to a role; no descriptor stays open."""
        own = handed.read(self._files[role])
        for descriptor in (*self._files.values(), self._control, self._roster):
            os.close(descriptor)
        return own

    def _checked(self, role: Role) -> bool:
        """Check a role's settings in a process that ends again: the parent's memory must not hold them."""
        pid = os.fork()
        if pid == 0:
            os._exit(self._check(role))
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0

    def _check(self, role: Role) -> int:
        try:
            CHECKS[role](Settings.from_environment(self._take(role).settings))
        except SettingError as error:
            sys.stderr.write(f"{role}: {error}\n")
            sys.stderr.flush()
            return WRONG
        return 0


def role_of(group: Group) -> Role:
    """The role whose settings a group gets."""
    return cast(Role, group.name) if group.name in OTHERS else "workers"


def _log_to(own: Handed) -> None:
    """Write on in the role's own log, whatever it is that writes."""
    with open_private(Path(own.log)) as log:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(log.fileno(), stream.fileno())


def import_all(roles: Sequence[Role]) -> None:
    """Import before the fork what a child would import at its first work."""
    workers.main.load_actors()
    importlib.import_module("workers.metrics")
    configure_mappers()  # each child would at its first query
    if "api" in roles:
        importlib.import_module("uvloop")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read which roles there are, import everything, fork."""
    parser = argparse.ArgumentParser(prog="one_parent", description=__doc__)
    parser.add_argument("--role", action="append", default=[], metavar="NAME=DESCRIPTOR")
    parser.add_argument("--control", type=int, required=True, help="descriptor of the roles that rest")
    parser.add_argument("--roster", type=int, required=True, help="descriptor of the children's names")
    parser.add_argument("--one-worker", action="store_true", help="one child for all queues")
    parser.add_argument("--again", action="store_true", help="it has begun anew, as all is compiled now")
    options = parser.parse_args(arguments)
    files = cast(dict[Role, int], {name: int(number) for name, number in map(_parted, options.role)})
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    import_all(list(files))
    if not options.again and compiled_here():
        # After an update: the children would hold what compiling took as well.
        os.execv(sys.executable, [*sys.orig_argv, "--again"])  # noqa: S606 - this program itself
    served = (ALL,) if options.one_worker else GROUPS
    groups = [*(OTHERS[role] for role in files if role in OTHERS), *(served if "workers" in files else ())]
    return Shop(files, options.control, options.roster, groups).run()


def _parted(text: str) -> tuple[str, str]:
    name, _, number = text.partition("=")
    return name, number


if __name__ == "__main__":
    sys.exit(main())
