"""One frozen settings object, read from the environment once, in each process's main.

Every field says its variable, who may see it, and what it means; `.env.example`, the embedded stack and
the compose file are checked against this table. A variable named `X` may instead be given as `X_FILE`,
the path of a file that holds the value (Docker and Kubernetes secrets).
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from core.kit.errors import SettingError
from core.process import setting_values as read
from core.process.setting_fields import HANDS, Role, parse, read_text, variable

if TYPE_CHECKING:  # a module of tables: settings are read by commands that need none
    from schemas.uploads import Policy

Environment = Literal["production", "development", "sandbox"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of the shop. Times in seconds, sizes in bytes."""

    env: Environment = variable(
        "production, development or sandbox",
        default="production",
        parse=read.one_of("production", "development", "sandbox"),
    )
    log_level: str = variable(
        "debug, info, warning or error",
        default="info",
        parse=read.one_of("debug", "info", "warning", "error"),
    )
    log_format: str = variable(
        "json for machines, console for people", default="json", parse=read.one_of("json", "console")
    )

    database_url: str = variable("postgresql://user:password@host/name", parse=read.postgres, secret=True)
    redis_url: str = variable("Our own: redis://host:6379/0 or unix:///path", parse=read.redis, secret=True)
    database_pool: int = variable("Connections kept per process", default=5, parse=read.positive)

    public_url: str = variable(
        "The shop's web address, without a slash at the end. Empty: links are the store's own, valid 24 h",
        default="",
        parse=read.public_url,
    )
    api_host: str = variable("Address the API listens on", default="127.0.0.1", roles=("api",))
    api_port: int = variable("Port the API listens on", default=8000, parse=read.positive, roles=("api",))
    trusted_proxy: bool = variable(
        "Believe X-Forwarded-For (only behind our own proxy)",
        default=False,
        parse=read.boolean,
        roles=("api",),
    )

    metrics_token: str = variable(
        "Prometheus shows it as its bearer token to read /metrics. Empty: there are no metrics",
        default="",
        roles=("api", "workers"),
        secret=True,
    )
    metrics_host: str = variable(
        "Address that workers offer their metrics at", default="127.0.0.1", roles=("workers",)
    )
    metrics_port: int = variable(
        "First of three ports for the metrics of workers: interactive, delivery, background. 0: none",
        default=0,
        parse=read.count,
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
        roles=("api", "bot", "workers"),
        secret=True,
    )

    shop_name: str = variable("Shown in messages and on pages", default="Comptoir")
    rail_policy: str = variable(
        "Which rail may be offered where: entry:rail,rail;entry:rail", default="bot:stars;web:crypto,manual"
    )
    manual_instructions: str = variable(
        "Where a manual transfer goes (shown on the order page)", default="", roles=("api", "cli")
    )
    sellers_open: bool = variable(
        "yes: anyone may open a shop; no: an admin approves", default=False, parse=read.boolean
    )
    job_history_days: int = variable(
        "For how many days finished jobs are kept; dead ones are kept until you delete them",
        default=30,
        parse=read.positive,
        roles=("workers",),
    )
    audit_days: int = variable(
        "For how many days the audit log is kept", default=400, parse=read.positive, roles=("workers",)
    )
    payment_event_days: int = variable(
        "For how many days payment events are kept", default=730, parse=read.positive, roles=("workers",)
    )
    replay_days: int = variable(
        "For how many days the raw bodies of payment events are kept, and so can be replayed",
        default=90,
        parse=read.positive,
        roles=("workers",),
    )
    backup_keep: int = variable(
        "How many backups of the database are kept in the store", default=14, parse=read.positive, roles=HANDS
    )
    backup_key: str = variable(
        "age public key (age1…) to encrypt backups for, of `comptoir backup key`. Empty: they are not",
        default="",
        parse=read.age_key,
        roles=HANDS,
    )
    order_ttl: int = variable("Life of an unpaid order", default=86_400, parse=read.positive)

    smtp_host: str = variable("Mail server. Empty: nothing is sent by e-mail", default="")
    smtp_port: int = variable("Port of the mail server", default=587, parse=read.positive, roles=("workers",))
    smtp_user: str = variable("Login at the mail server. Empty: none", default="", roles=("workers",))
    smtp_password: str = variable("Password at the mail server", default="", roles=("workers",), secret=True)
    smtp_encryption: str = variable(
        "starttls, tls (from the first byte, port 465) or none (a server on this machine only)",
        default="starttls",
        parse=read.one_of("starttls", "tls", "none"),
        roles=("workers",),
    )
    mail_from: str = variable(
        "Address that mail comes from; needed with SMTP_HOST",
        default="",
        parse=read.mail_address,
        roles=HANDS,
    )
    notification_days: int = variable(
        "For how many days notifications are kept", default=90, parse=read.positive, roles=("workers",)
    )

    bot_token: str = variable("From BotFather", default="", roles=("bot", *HANDS), secret=True)
    bot_username: str = variable("The bot's name without @, for t.me links", default="")
    telegram_api_id: int = variable(
        "From my.telegram.org", default=0, parse=read.count, roles=("bot", *HANDS)
    )
    telegram_api_hash: str = variable("From my.telegram.org", default="", roles=("bot", *HANDS), secret=True)
    telegram_sandbox: str = variable(
        "host:port:fingerprint:modulus of a loopback Telegram; refused in production",
        default="",
        roles=("bot", *HANDS),
    )
    session_dir: Path | None = variable(
        "Folder for Telegram sessions (mode 0700). Empty: in memory",
        default=None,
        parse=Path,
        roles=("bot", *HANDS),
    )
    telegram_rate: int = variable(
        "Messages a second over all chats", default=30, parse=read.positive, roles=HANDS
    )
    telegram_chat_rate: int = variable(
        "Messages a second to one chat", default=1, parse=read.positive, roles=HANDS
    )

    init_data_secret: str = variable(
        "Signs people in to the Mini App, made of BOT_TOKEN by `comptoir init-data-secret`",
        default="",
        roles=("api",),
        secret=True,
    )
    bot_id: int = variable(
        "The number in front of BOT_TOKEN; without INIT_DATA_SECRET, Telegram's own signature is checked",
        default=0,
        parse=read.count,
        roles=("api",),
    )
    store_origin: str = variable(
        "Where browsers reach the store: the one other address that the Mini App may call",
        default="",
        parse=read.public_url,
        roles=("api",),
    )
    mini_app_dir: Path | None = variable(
        "Folder of the built Mini App. Empty: miniapp/dist beside the code",
        default=None,
        parse=Path,
        roles=("api",),
    )
    max_upload_size: int = variable(
        "Largest file that sellers may upload, in bytes", default=50 * 2**30, parse=read.positive
    )
    upload_days: int = variable("Days until an unfinished upload is removed", default=7, parse=read.positive)
    upload_policy: "Policy" = variable(
        "on_confirm: files are sent at once; after_payment: once the listing fee is paid",
        default="on_confirm",
        parse=read.one_of("on_confirm", "after_payment"),
    )
    listing_fee: str = variable(
        "What listing a product costs its seller, like stars=100;manual=5.00 EUR. Empty: nothing", default=""
    )
    moderation: str = variable(
        "Which files staff look at: off, flagged (what automatic checks notice) or all",
        default="flagged",
        parse=read.one_of("off", "flagged", "all"),
        roles=HANDS,
    )
    moderation_words: str = variable(
        "Words in a title or file name that call staff, separated by commas", default="", roles=HANDS
    )
    preview_max_bytes: int = variable(
        "Largest file that gets a preview, in bytes; 0: of any size", default=0, parse=read.count, roles=HANDS
    )
    preview_watermark: bool = variable(
        "yes: the shop's name is written on previews", default=False, parse=read.boolean, roles=HANDS
    )
    store_price: str = variable(
        "What the store costs for a GB (10^9 bytes) and month", default="0.023 USD", roles=("cli",)
    )

    s3_endpoint: str = variable("Where workers reach the store, http(s)://host:port", default="", roles=HANDS)
    s3_public_endpoint: str = variable(
        "Where browsers reach the store. Empty: the same", default="", roles=HANDS
    )
    s3_region: str = variable("Region of the bucket", default="us-east-1", roles=HANDS)
    s3_bucket: str = variable("Bucket of our own", default="comptoir", roles=HANDS)
    s3_access_key: str = variable("Access key", default="", roles=HANDS, secret=True)
    s3_secret_key: str = variable("Secret key", default="", roles=HANDS, secret=True)

    link_secret: str = variable(
        "32 random bytes in hexadecimal; download links are derived from it",
        default="",
        roles=HANDS,
        secret=True,
    )
    link_ttl: int = variable("Life of a download link", default=86_400, parse=read.positive)
    link_max_downloads: int = variable("Downloads per link, 0 for no limit", default=0, parse=read.count)
    signed_url_ttl: int = variable(
        "Life of a signed store URL", default=300, parse=read.positive, roles=HANDS
    )

    nowpayments_url: str = variable(
        "NOWPayments API", default="https://api.nowpayments.io/v1", parse=read.public_url, roles=HANDS
    )
    nowpayments_api_key: str = variable(
        "NOWPayments key; empty: no crypto rail", default="", roles=HANDS, secret=True
    )
    nowpayments_email: str = variable(
        "Login of the NOWPayments account; their list of payments asks for it. Empty: a payment whose every "
        "notice was lost is not found",
        default="",
        roles=HANDS,
    )
    nowpayments_password: str = variable(
        "Password of the NOWPayments account", default="", roles=HANDS, secret=True
    )
    nowpayments_ipn_secret: str = variable(
        "NOWPayments IPN secret", default="", roles=("api", "cli"), secret=True
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read all fields. Raises `SettingError` naming the variable that is missing or wrong."""
        values: dict[str, Any] = {}
        for item in dataclasses.fields(cls):
            raw = read_text(environment, item.name.upper())
            if raw:
                values[item.name] = parse(item, raw)
            elif item.default is dataclasses.MISSING:
                raise SettingError(
                    f"{item.name.upper()} is not set ({item.metadata['help']}). "
                    f"Set it in the environment or in .env, or start with `comptoir up`, which sets it."
                )
        return cls(**values)

    def require(self, *names: str) -> None:
        """Raise `SettingError` naming the first of these fields that is empty."""
        for name in names:
            if not getattr(self, name):
                help_text = next(f.metadata["help"] for f in dataclasses.fields(self) if f.name == name)
                raise SettingError(
                    f"{name.upper()} is empty ({help_text}). It is needed here; set it in .env."
                )

    def environment_for(self, role: Role) -> dict[str, str]:
        """The variables a process of this role may see, as text; nothing else of ours is passed on."""
        result: dict[str, str] = {}
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            if role in item.metadata["roles"] and value not in ("", None):
                result[item.name.upper()] = (
                    ("yes" if value else "no") if isinstance(value, bool) else str(value)
                )
        return result
