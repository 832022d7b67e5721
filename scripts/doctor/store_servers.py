"""What stands behind the store's address: which program, on how many servers, how many copies.

S3 itself says no more than a program's name (the header `Server`). The servers of a SeaweedFS say the rest,
to whoever can reach them: STORE_SERVERS names them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from core.process.settings import Settings
from scripts.doctor.finding import Finding

ASK = urllib3.Timeout(connect=2, read=3)
ROW = "store servers"
SEAWEED = "SeaweedFS"
COPIES = ("node", "rack", "dc")  # further ones: on another server, in another rack, in another data center
SCARCE = 10.0  # percent of a server's disk
PAGE = "docs/scaling.md, A store on several servers"


@dataclass(frozen=True)
class Answers:
    """What the servers that answered said: copies of each object, and the least room, in percent."""

    silent: list[str]
    copies: int | None
    room: float


def store_servers(settings: Settings) -> Iterator[Finding]:
    """Say what kind of store it is, and how many of its servers answer. Where S3 is away, others say so."""
    if not settings.s3_endpoint:
        return
    program = _program(settings.s3_endpoint)
    servers = [url.strip().rstrip("/") for url in settings.store_servers.split(",") if url.strip()]
    if servers:
        yield _judged(servers, _asked(servers, settings.s3_bucket))
    elif program.startswith(SEAWEED):
        what = f"{program}; S3 does not say on how many servers, and STORE_SERVERS names none"
        yield Finding(ROW, "ok", what)
    elif program:
        yield Finding(ROW, "ok", f"{program}; how many servers it has is its operator's to know")


def _program(endpoint: str) -> str:
    try:
        # Without a key it is refused, and still says who it is; where it is well it answers without a name.
        answer = urllib3.request("GET", f"{endpoint}/", timeout=ASK, retries=False, redirect=False)
    except HTTPError:
        return ""
    return answer.headers.get("server") or "a store that does not say its name"


def _asked(servers: list[str], bucket: str) -> Answers:
    silent: list[str] = []
    copies: list[int] = []
    room = 100.0
    for server in servers:
        status = _status(server)
        if status is None:
            silent.append(server)
            continue
        room = min([room, *(float(disk["percent_free"]) for disk in status.get("DiskStatuses") or [])])
        volumes = [volume for volume in status.get("Volumes") or [] if volume.get("Collection") == bucket]
        copies += [
            1 + sum((volume.get("ReplicaPlacement") or {}).get(way, 0) for way in COPIES)
            for volume in volumes
        ]
    return Answers(silent, min(copies, default=None), room)


def _status(server: str) -> dict[str, Any] | None:
    try:
        answer = urllib3.request("GET", f"{server}/status", timeout=ASK, retries=False)
        status = answer.json() if answer.status == 200 else None
    except (HTTPError, ValueError):
        return None
    return status if isinstance(status, dict) and "DiskStatuses" in status else None


def _judged(servers: list[str], answers: Answers) -> Finding:
    count, away = len(servers), len(answers.silent)
    figures = f"{count - away} of {count} servers of SeaweedFS answer"
    copies = answers.copies
    if copies:
        figures += f", each object lies on {copies} of them"
    if away and (copies is None or away >= copies):
        problem = f"{figures}: files may be out of reach"
        return Finding(ROW, "fail", problem, f"Start {' and '.join(answers.silent)} ({PAGE}).")
    if away:
        problem = f"{figures}: the next one that is lost takes files with it"
        return Finding(ROW, "warn", problem, f"Start {' and '.join(answers.silent)} ({PAGE}).")
    if copies == 1 and count > 1:
        mend = f"Start the master with -defaultReplication=001, and copy what is there ({PAGE})."
        return Finding(ROW, "warn", f"{figures} alone: a lost server loses files", mend)
    if answers.room < SCARCE:
        problem = f"{figures}, and one has {answers.room:.0f} % of its disk free: it will take nothing more"
        return Finding(ROW, "warn", problem, "Enlarge its disk, or start a further server.")
    return Finding(ROW, "ok", figures)
