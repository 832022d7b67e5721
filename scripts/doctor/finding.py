"""What the doctor finds: one line for each thing it looked at, with what it means and how to mend it."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.kit.errors import ComptoirError
from core.process.logs import Redactor

State = Literal["ok", "warn", "fail"]
WORST: tuple[State, ...] = ("ok", "warn", "fail")


@dataclass(frozen=True)
class Finding:
    """The state of one thing. `warn`: the shop works, but something is wrong; `fail`: it does not work."""

    name: str
    state: State
    found: str
    mend: str = ""


Check = Callable[[], Iterable[Finding]]


def examine(checks: Mapping[str, Check], *, patience: float, redactor: Redactor) -> list[Finding]:
    """Run all checks at once, each for at most `patience` seconds; findings in the checks' order.

    A check that breaks or does not end is a finding too. No secret stands in any of them.
    """
    by_check: dict[str, list[Finding]] = {}
    threads = [
        threading.Thread(target=_do, args=(name, check, by_check), daemon=True)
        for name, check in checks.items()
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    silent = f"did not answer within {patience:g} s"
    advice = "Something between here and there drops what is sent: look at addresses and firewalls."
    findings = [
        finding for name in checks for finding in by_check.get(name, [Finding(name, "fail", silent, advice)])
    ]
    return [
        Finding(finding.name, finding.state, redactor.clean(finding.found), finding.mend)
        for finding in findings
    ]


def worst(findings: Sequence[Finding]) -> State:
    """The gravest state of all; ok where nothing was looked at."""
    return max((finding.state for finding in findings), key=WORST.index, default="ok")


def _do(name: str, check: Check, by_check: dict[str, list[Finding]]) -> None:
    try:
        by_check[name] = list(check())
    except ComptoirError as error:
        by_check[name] = [Finding(name, "fail", str(error))]
    except Exception as error:  # noqa: BLE001 - whatever breaks is what we look for
        why = str(error).strip().partition("\n")[0] or type(error).__name__
        by_check[name] = [
            Finding(
                name, "fail", f"{type(error).__name__}: {why}", "The check itself broke: report this line."
            )
        ]
