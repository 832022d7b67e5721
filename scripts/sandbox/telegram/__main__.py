"""`python -m scripts.sandbox.telegram`: the stand-in for Telegram as a process.

Prints one JSON line when ready: {"address" (for TELEGRAM_SANDBOX), "control_port"}. Ends on SIGTERM
or SIGINT.
"""

import core.telegram.lazy_types  # noqa: F401, I001 - before Pyrogram

import argparse
import asyncio
import json
import signal
from pathlib import Path

from scripts.sandbox.telegram.remote import serve_control
from scripts.sandbox.telegram.sandbox import Server


async def serve(port: int, control_port: int, state_path: Path | None) -> None:
    """Run the sandbox until a signal."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = Server(state_path)
    await server.wire.start(port)
    control = await serve_control(server, control_port)
    ready = {"address": server.address, "control_port": control.sockets[0].getsockname()[1]}
    print(json.dumps(ready), flush=True)
    await stopped.wait()
    control.close()
    await server.wire.stop()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="scripts.sandbox.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="MTProto port; 0: any free one")
    parser.add_argument("--control", type=int, default=0, help="port for drivers; 0: any free one")
    parser.add_argument("--state", type=Path, help="file that keeps auth keys between runs")
    arguments = parser.parse_args()
    try:
        asyncio.run(serve(arguments.port, arguments.control, arguments.state))
    except OSError as error:
        parser.error(f"{error.strerror}; choose other ports with --port and --control")


if __name__ == "__main__":
    main()
