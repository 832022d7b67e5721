"""Drives the dashboard without a terminal: for benchmarks, tests and the pictures of the documentation."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from textual.app import App

from scripts.dashboard.screen_base import Grid

# What Textual adds: fonts from a server of others, and where the picture comes from.
FOREIGN = re.compile(r"@font-face\s*\{.*?\}\s*|<!--.*?-->\s*", re.DOTALL)
NAME = re.compile(r"terminal-\d+")  # another at every run
SIZE = re.compile(r'viewBox="([^"]*)"')


async def settled(app: App[Any]) -> None:
    """Wait until everything that the screens asked of the ledger is answered and shown."""
    while not (
        all(worker.is_finished for worker in app.workers)
        and all(grid.at_rest for grid in app.screen.query(Grid))
    ):
        await asyncio.sleep(0.001)


def picture(app: App[Any], title: str) -> str:
    """The screen as an SVG that loads nothing from elsewhere."""
    return FOREIGN.sub("", app.export_screenshot(title=title, simplify=True)).replace("Fira Code, ", "")


def session(pictures: Sequence[str], seconds: float) -> str:
    """One SVG of several pictures, each shown for so many seconds; the first where nothing moves."""
    sizes = SIZE.search(pictures[0])
    assert sizes is not None, "Textual writes it"
    share, whole = 100 / len(pictures), len(pictures) * seconds
    style = (
        f".frame {{ visibility: hidden; animation: show {whole:g}s step-end infinite }}\n"
        f".frame:nth-of-type(1) {{ visibility: visible }}\n"
        f"@keyframes show {{ 0% {{ visibility: visible }} {share:.3f}%, 100% {{ visibility: hidden }} }}"
    )
    frames = (
        f'<g class="frame" style="animation-delay: {place * seconds - whole if place else 0:g}s">'
        f"{NAME.sub(f'frame-{place}', each)}</g>"
        for place, each in enumerate(pictures)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{sizes[1]}">\n<style>\n{style}\n</style>\n'
        + "\n".join(frames)
        + "\n</svg>\n"
    )
