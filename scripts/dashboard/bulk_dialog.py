"""The dialog that changes many jobs: it counts what matches, has the count typed, and shows the progress."""

from typing import Any, ClassVar, cast

from sqlalchemy.exc import DBAPIError
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, ProgressBar, Static

from core.jobs.admin.bulk_actions import ACTS_ON, Options, Plan, perform, plan
from core.jobs.admin.filter_language import Filter
from core.jobs.admin.trash import UNDO_DAYS
from core.kit.errors import ComptoirError, Refused
from schemas.contracts import QUEUES
from schemas.queue import Verb
from scripts.dashboard.bulk_command import parse_changes
from scripts.dashboard.screen_base import LedgerAccess, words_of

ASKED = {
    "retry": ("Starts a second; empty for all at once", "rate"),
    "move": (f"To which queue: {', '.join(QUEUES)}", "to"),
    "edit": ("Arguments to set, like order_id=42", "changes"),
}


class BulkDialog(ModalScreen[None]):
    """One bulk action in front of a screen, from its count to its end."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close")]

    def __init__(self, verb: Verb, job_filter: Filter) -> None:
        super().__init__()
        self._verb = verb
        self._job_filter = job_filter
        self._plan: Plan | None = None

    def compose(self) -> ComposeResult:
        """Lay out the action, its options, the count and the field that confirms it."""
        with Vertical(id="act"):
            yield Label(f"{self._verb.capitalize()} {ACTS_ON[self._verb]}", id="title")
            yield Static(f"that match  {self._job_filter.text or 'no filter: all'}", markup=False)
            if self._verb in ASKED:
                yield Input(placeholder=ASKED[self._verb][0], id="option")
            yield Static("", id="count", markup=False)
            yield Input(id="confirm", disabled=True)
            yield ProgressBar(id="bar", show_eta=False)
            yield Static("Enter: go on   Escape: close", id="keys")

    def on_mount(self) -> None:
        """Count at once where the action has no options."""
        self.query_one("#bar").display = False
        if self._verb in ASKED:
            self.query_one("#option", Input).focus()
        else:
            self._count()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Count once the options are typed; begin once the count is confirmed."""
        if event.input.id == "option":
            self._count()
        elif self._plan is not None and event.value.strip() == self._plan.confirmation:
            event.input.disabled = True
            self._perform(self._plan)
        else:
            self._say("That is not it; nothing was changed.")

    def _options(self) -> Options:
        if self._verb not in ASKED:
            return Options()
        typed = self.query_one("#option", Input).value.strip()
        if self._verb == "edit":
            return Options(changes=parse_changes(typed.split()))
        if self._verb == "move":
            to = next((queue for queue in QUEUES if queue == typed), None)
            if to is None:
                raise Refused("queue-unknown", {"queue": typed, "queues": ", ".join(QUEUES)})
            return Options(to=to)
        try:
            return Options(rate=float(typed or 0))
        except ValueError:
            raise Refused("rate-unreadable", {"rate": typed}) from None

    def _count(self) -> None:
        ledger = cast(LedgerAccess, cast(Any, self.app).ledger)
        try:
            if ledger.read_only:
                raise Refused("queue-read-only")
            with ledger.reading() as session:
                self._plan = plan(session, self._verb, self._job_filter, self._options(), now=ledger.now())
        except (ComptoirError, DBAPIError) as error:
            self._say(words_of(error))
            return
        if self._plan.count == 0:
            self._say("No such job matches; there is nothing to do.")
            return
        jobs = "1 job" if self._plan.count == 1 else f"{self._plan.count:,} jobs"
        self._say(f"{jobs} would change. Type  {self._plan.confirmation}  to do it.")
        confirm = self.query_one("#confirm", Input)
        confirm.disabled = False
        confirm.focus()

    @work(thread=True)
    def _perform(self, planned: Plan) -> None:
        ledger = cast(LedgerAccess, cast(Any, self.app).ledger)
        act = changed = 0
        try:
            for step in perform(ledger.database, planned, actor=ledger.actor, now=ledger.now()):
                act, changed = step
                self.app.call_from_thread(self._progress, changed, planned.count)
        except (ComptoirError, DBAPIError) as error:
            self.app.call_from_thread(self._say, words_of(error))
            return
        sentence = f"Done: {changed:,} of {planned.count:,} jobs changed; this is act {act}."
        if planned.verb == "delete":
            sentence += f" `comptoir queue undo {act}` brings them back for {UNDO_DAYS} days."
        self.app.call_from_thread(self._say, sentence)

    def _progress(self, changed: int, count: int) -> None:
        bar = self.query_one("#bar", ProgressBar)
        bar.display = True
        bar.update(total=count, progress=changed)

    def _say(self, words: str) -> None:
        self.query_one("#count", Static).update(words)
