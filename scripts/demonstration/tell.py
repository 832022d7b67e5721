"""How the demo prints: a line for what each person and the bot say, progress bars, tables at the end."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from scripts.demonstration.figures import Report
from scripts.sandbox.telegram.views import Message

LOG_LINES = 12


class Teller:
    """Prints the demo as it happens."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)

    def chapter(self, title: str) -> None:
        """Print the title of a new part."""
        self.console.print(f"\n[bold magenta]{title}[/]")

    def say(self, text: str) -> None:
        """Print a plain line."""
        self.console.print(text, markup=False)

    def person(self, name: str, act: str) -> None:
        """Print what somebody writes or presses."""
        self.console.print(f"  [bold cyan]{name}[/]: ", end="")
        self.console.print(act, markup=False)

    def bot(self, message: Message) -> None:
        """Print the bot's answer as it looks in the chat."""
        text = message.text or (
            f"[invoice] {message.invoice['title']}" if message.invoice else f"<{message.kind}>"
        )
        for line in text.splitlines():
            self.console.print("  [green]│[/] ", end="")
            self.console.print(line, markup=False)
        for row in message.rows:
            self.console.print("  [green]│[/] ", end="")
            self.console.print("  ".join(f"[ {button.text} ]" for button in row), markup=False, style="dim")

    def failed(self, reason: str) -> None:
        """Print why the demo ends here."""
        self.console.print("\n[bold red]It did not work.[/]")
        self.console.print(reason, markup=False)

    def logs(self, logs: Mapping[str, Path]) -> None:
        """Print the last lines of each process's log, to find out why a step did not happen."""
        for name, path in logs.items():
            if path.exists():
                lines = path.read_text(errors="replace").splitlines()[-LOG_LINES:]
                self.console.print(f"\n[bold]The end of the log of {name}[/]")
                self.console.print("\n".join(lines), markup=False, style="dim")

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show a bar over `total` bytes; yields the function that advances it."""
        columns = (
            TextColumn("  {task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console) as bars:
            task = bars.add_task(label, total=total)
            yield lambda size: bars.advance(task, size)

    def summary(self, report: Report) -> None:
        """Print what was measured."""
        if report.memory_mib:
            self.console.print(self._memory(report))
            self.console.print(self._jobs(report))
        verdict = (
            "[bold green]Sold, delivered, checked.[/]"
            if report.success
            else "[bold red]Not what was promised.[/]"
        )
        self.console.print(
            f"\n{verdict} {decimal(report.downloaded_bytes)} of {decimal(report.file_bytes)} downloaded, "
            f"checksum {'equal' if report.sha256_equal else 'NOT equal'}, "
            f"{report.file_bytes_through_web} bytes of the file through the web processes, "
            f"which grew by {report.web_growth_mib:.1f} MiB at most, in {report.seconds:.0f} s."
        )

    @staticmethod
    def _memory(report: Report) -> Table:
        table = Table(title="Memory and traffic of each process", title_justify="left")
        for heading in ("process", "before, MiB", "after, MiB", "bytes through its port"):
            table.add_column(heading, justify="left" if heading == "process" else "right")
        for name, memory in report.memory_mib.items():
            through = report.web_bytes.get(name)
            passed = "" if through is None else f"{through:,}"
            table.add_row(name, f"{memory['before']:.1f}", f"{memory['after']:.1f}", passed)
        return table

    @staticmethod
    def _jobs(report: Report) -> Table:
        table = Table(title="Jobs", title_justify="left")
        for heading in ("job", "queue", "ran in", "state", "took"):
            table.add_column(heading)
        for job in report.jobs:
            table.add_row(
                job["actor"], job["queue"], job["worker"], job["state"], f"{job['milliseconds']:.0f} ms"
            )
        return table
