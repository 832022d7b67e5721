"""A process says that it lives by touching a file, and `python -m core.process.liveness` asks for it.

A file and not a row, because a process that waits for its database lives: whoever restarts what is dead
must not restart it. It is for health checks of containers; `ALIVE_DIR` names the folder. They start an
interpreter every few seconds, on a busy machine too, so nothing is imported that a check does not need.
"""

import sys
import time
from pathlib import Path

PERIOD = 5.0  # seconds between two touches
LATE = 45.0  # seconds after which one is missed
PATIENCE = 4.0  # seconds that an answer may take


def touch(folder: Path | None, name: str) -> None:
    """Note that the process of this name lives; nothing where no folder is set."""
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / name).touch()


async def keep_touching(folder: Path | None, name: str) -> None:
    """Touch from this event loop until cancelled, so that a loop which is held up is seen."""
    import asyncio

    while folder is not None:
        touch(folder, name)
        await asyncio.sleep(PERIOD)


def why_dead(folder: Path, now: float) -> str:
    """What is wrong with the processes that touch files here, at this Unix time; "" when all live."""
    ages = {path.name: now - path.stat().st_mtime for path in folder.glob("*")}
    if not ages:
        return f"no process has touched a file in {folder} yet"
    late = [f"{name} was silent for {age:.0f} s" for name, age in sorted(ages.items()) if age > LATE]
    return ", ".join(late)


def why_unready(address: str) -> str:
    """What is wrong with the answer of this http:// address; "" when it is 200."""
    import http.client
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", parts.path or "/")
        answer = connection.getresponse()
        text = answer.read(1000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"{address} does not answer: {error}"
    finally:
        connection.close()
    return "" if answer.status == http.client.OK else f"{address} answers {answer.status}: {text}"


def main(arguments: list[str]) -> int:
    """Ask an address, or look into a folder; 1 and a line that says why when something is wrong."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m core.process.liveness http://HOST:PORT/PATH | FOLDER\n")
        return 2
    (target,) = arguments
    reason = why_unready(target) if target.startswith("http://") else why_dead(Path(target), time.time())
    sys.stdout.write(f"{reason or 'alive'}\n")
    return 1 if reason else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
