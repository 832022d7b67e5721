"""Headless Chromium with the Mini App in it, driven by a program around playwright-core in `miniapp/`."""

import json
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scripts.embedded.process import PROJECT, StackError

PROGRAM = PROJECT / "miniapp" / "tests" / "browser" / "remote.mjs"
WIDTHS = (320, 390)


class Chromium:
    """One person's browser, with one page at a time. A command that fails raises `StackError`.

    `init_data` says to the shop at `origin` who the person is.
    """

    def __init__(self, origin: str, init_data: str) -> None:
        self._person = {"origin": origin, "initData": init_data}
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [find_node(), str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.communicate()

    def open(self, path: str, *, theme: str = "light") -> None:
        """Open the Mini App at a path, as Telegram does."""
        self._do("open", path=path, theme=theme, **self._person)

    def visit(self, url: str, *, theme: str = "light") -> None:
        """Open any page. Where it offers a file to save, the file stays inside the browser."""
        self._do("visit", url=url, theme=theme)

    def digest(self, name: str) -> str:
        """SHA-256, in hexadecimal, of a file that a visited page saved."""
        return str(self._do("digest", name=name))

    def pick(self, *files: Path) -> None:
        """Choose these files in the page's file dialog."""
        self._do("pick", files=[str(file) for file in files])

    def click(self, name: str) -> None:
        """Press the button with this text."""
        self._do("click", name=name)

    def wait(self, selector: str, seconds: float = 15) -> str:
        """Wait until an element that matches a CSS selector is visible; its text."""
        return str(self._do("wait", selector=selector, seconds=seconds))

    def wait_percent(self, percent: int, seconds: float) -> None:
        """Wait until at least so much of the file is sent."""
        self._do("waitPercent", percent=percent, seconds=seconds)

    def photograph(self, path: Path, widths: Sequence[int] = WIDTHS) -> None:
        """Pictures of the whole page; `{width}` in the file's name is filled in."""
        self._do("photograph", path=str(path), widths=list(widths))

    def close_page(self) -> None:
        """Close the page in the middle of whatever it does."""
        self._do("close")

    def faults(self) -> list[str]:
        """Errors of the pages' scripts that nothing caught, as texts."""
        return list(self._do("faults"))

    def _do(self, command: str, **arguments: Any) -> Any:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise StackError("This browser is not open: use it in a `with` block.")
        process.stdin.write(json.dumps({"command": command, **arguments}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended; what it said is above"}
        if "error" in answer:
            raise StackError(f"Chromium, asked to {command}: {answer['error']}")
        return answer["value"]


def find_node() -> str:
    """The path of Node: the environment's wheel, else the machine's. Raises `StackError`."""
    places = [sysconfig.get_path("scripts"), *os.get_exec_path()]
    node = shutil.which("node", path=os.pathsep.join(places))
    if node is None:
        raise StackError("Node is not installed. Run scripts/setup.")
    return node
