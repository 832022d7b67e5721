"""A worker parent for tests to kill: `python -m tests.workers.runtime.family FOLDER NAME ...`.

Its children write their process ids into the folder, and who died before them. Where the environment names a
sandbox, Kurigram is imported before the fork, and each child logs in there after it.
"""

import asyncio
import os
import sys
import threading
from pathlib import Path

from core.process.settings import Settings
from workers.runtime.groups import Group
from workers.runtime.parent import Parent
from workers.runtime.roster import Roster
from workers.runtime.worker_identity import WorkerIdentity

SANDBOX = "TELEGRAM_SANDBOX" in os.environ
if SANDBOX:  # its import takes a second of processor time, as much as all the rest here
    from core.telegram.client import open_client


async def log_in() -> str:
    """Make a client on a loop of this process; who we are at the other side."""
    client = open_client(Settings.from_environment(os.environ), "family", receive_updates=False)
    await client.start()
    me = await client.get_me()
    await client.stop()
    return str(me.username if me else "")


def serve(folder: Path, group: Group, identity: WorkerIdentity, stopped: threading.Event) -> None:
    """Say who we are, and wait; the child of a group called "broken" dies at once."""
    if group.name == "broken":
        raise SystemExit(3)
    names = ["idle"]
    if SANDBOX:
        # On a thread of its own, as in a worker.
        thread = threading.Thread(target=lambda: names.append(asyncio.run(log_in())))
        thread.start()
        thread.join()
    begun = folder / f".{os.getpid()}"
    begun.write_text(" ".join([identity.name, *identity.died]))
    begun.rename(folder / f"{group.name}.{os.getpid()}.{names[-1]}")  # at once, with all that is in it
    stopped.wait()
    (folder / f"{group.name}.stopped").touch()


def main(folder: Path, names: list[str]) -> None:
    """Until SIGTERM."""
    groups = [Group(name) for name in names]
    # Kept by whoever starts the next parent as well.
    roster = os.open(folder.with_suffix(".roster"), os.O_RDWR | os.O_CREAT)
    parent = Parent(
        groups,
        lambda group, identity, stopped: serve(folder, group, identity, stopped),
        paused=lambda: [name for name in names if (folder / f"{name}.paused").exists()],
        roster=Roster(roster),
        pause=0.01,
    )
    sys.exit(parent.run())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
