"""A worker parent for tests to kill: `python -m tests.workers.runtime.family FOLDER NAME ...`.

Its children write their process ids into the folder, and who died before them. Kurigram is imported before
the fork; where the environment names a sandbox, each child logs in there after it.
"""

import asyncio
import os
import sys
import threading
from pathlib import Path

from core.process.settings import Settings
from core.telegram.client import open_client
from workers.runtime.child import Group
from workers.runtime.parent import Parent
from workers.runtime.worker_identity import WorkerIdentity


async def log_in() -> str:
    """Make a client on a loop of this process; who we are at the other side."""
    client = open_client(Settings.from_environment(os.environ), "family", receive_updates=False)
    await client.start()
    me = await client.get_me()
    await client.stop()
    return str(me.username if me else "")


def serve(folder: Path, group: Group, identity: WorkerIdentity, stopped: threading.Event) -> None:
    """Say who we are, and wait."""
    names = ["idle"]
    if "TELEGRAM_SANDBOX" in os.environ:
        # On a thread of its own, as in a worker.
        thread = threading.Thread(target=lambda: names.append(asyncio.run(log_in())))
        thread.start()
        thread.join()
    (folder / f"{group.name}.{os.getpid()}.{names[-1]}").write_text(" ".join([identity.name, *identity.died]))
    stopped.wait()
    (folder / f"{group.name}.stopped").touch()


def main(folder: Path, names: list[str]) -> None:
    """Until SIGTERM."""
    groups = [Group(name, (), threads=1, prefetch=1) for name in names]
    Parent(groups, lambda group, identity, stopped: serve(folder, group, identity, stopped)).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
