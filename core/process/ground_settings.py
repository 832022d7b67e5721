"""The part of the settings that says what a shop stands on: processes, servers, its web address."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.process import setting_values as read
from core.process.limits import checked_limits
from core.process.setting_fields import HANDS, variable

Environment = Literal["production", "test", "development", "sandbox"]


@dataclass(frozen=True, kw_only=True)
class GroundSettings:
    """Settings of processes and servers. Times in seconds, sizes in bytes."""

    env: Environment = variable(
        "production, test (a shop for trying, which says so everywhere), development or sandbox",
        default="production",
        parse=read.one_of("production", "test", "development", "sandbox"),
        group="How it runs",
    )
    log_level: str = variable(
        "debug, info, warning or error",
        default="info",
        parse=read.one_of("debug", "info", "warning", "error"),
    )
    log_format: str = variable(
        "json for machines, console for people", default="json", parse=read.one_of("json", "console")
    )

    database_url: str = variable(
        "postgresql://user:password@host/name. Not set: `comptoir up` starts one",
        parse=read.postgres,
        secret=True,
        group="PostgreSQL and Redis",
    )
    owner_database_url: str = variable(
        "By the tables' owner. Empty: the same", default="", parse=read.postgres, roles=("cli",), secret=True
    )
    audit_database_url: str = variable(
        "By the audit's role. Empty: the same", default="", parse=read.postgres, roles=HANDS, secret=True
    )
    direct_database_url: str = variable(
        "PostgreSQL itself, where DATABASE_URL is a pooler's: for migrations and backups. Empty: the same",
        default="",
        parse=read.postgres,
        roles=HANDS,
        secret=True,
    )
    redis_url: str = variable(
        "Our own: redis://host:6379/0, unix:///path, or redis+sentinel://host,host/NAME for Sentinels. "
        "Not set: `comptoir up` starts one",
        parse=read.redis,
        secret=True,
    )
    database_pool: int = variable(
        "Connections to PostgreSQL that a process keeps; a worker at least one for each thread",
        default=5,
        parse=read.positive,
    )
    database_overflow: int = variable(
        "Connections that bot and workers open beside these while they are busy, and close again",
        default=15,
        parse=read.count,
    )

    public_url: str = variable(
        "The shop's web address, without a slash at the end. Empty: links are the store's own, valid 24 h",
        default="",
        parse=read.public_url,
        group="The web",
    )
    api_host: str = variable("Address the API listens on", default="127.0.0.1", roles=("api",))
    api_port: int = variable("Port the API listens on", default=8000, parse=read.port(1), roles=("api",))
    trusted_proxy: int = variable(
        "How many proxies of our own stand before the API, whose X-Forwarded-For is believed: "
        "no, yes (one) or a number",
        default=0,
        parse=read.hops,
        roles=("api", "cli"),
    )
    api_connections: int = variable(
        "Connections that may stand at the API; beyond it the longest idle one goes",
        default=1024,
        parse=read.positive,
        roles=("api",),
    )
    api_connections_per_address: int = variable(
        "Of these from one address, where no proxy of ours is in front. 0: any number",
        default=256,
        parse=read.count,
        roles=("api",),
    )

    limits: str = variable(
        "Other limits than those of docs/guide.md: name=count/seconds or name=off, with ; between",
        default="",
        parse=checked_limits,
        roles=("api", "bot"),
    )

    metrics_token: str = variable(
        "Prometheus shows it as its bearer token to read /metrics. Empty: there are no metrics",
        default="",
        roles=("api", "workers"),
        secret=True,
        group="Metrics, traces, errors",
    )
    metrics_host: str = variable(
        "Address that workers offer their metrics at", default="127.0.0.1", roles=("workers",)
    )
    metrics_port: int = variable(
        "First of three ports for the metrics of workers: interactive, delivery, background. 0: none",
        default=0,
        parse=read.port(0, last=read.LAST_PORT - 2),
        roles=("workers",),
    )

    otlp_endpoint: str = variable(
        "Where traces go, http(s)://host:4318 (OTLP over HTTP). Empty: there are none",
        default="",
        parse=read.public_url,
        roles=("api", "bot", "workers"),
    )
    sentry_dsn: str = variable(
        "Where errors go: the DSN of a Sentry project. Empty: only into the log",
        default="",
        parse=read.sentry_dsn,
        roles=("api", "bot", "workers"),
        secret=True,
    )
    worker_groups: str = variable(
        "How many worker processes: three, one (all queues in it), or auto (one below 1 GiB of memory)",
        default="auto",
        parse=read.one_of("auto", "one", "three"),
        roles=("workers",),
    )
    alive_dir: Path | None = variable(
        "Folder where bot and workers touch a file every few seconds, for health checks. Empty: none",
        default=None,
        parse=read.folder,
        roles=("bot", "workers"),
    )

    @property
    def is_test(self) -> bool:
        """Whether this shop is for trying: pages and bot say so, and `comptoir smoke` may play with it."""
        return self.env == "test"
