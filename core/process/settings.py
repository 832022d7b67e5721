"""One frozen settings object, read from the environment once, in each process's main.

Every field says its variable, who may see it, and what it means; `.env.example` and
docs/settings.md are written from it (`python -m scripts.settings_page --write`), the compose file is checked
against it. A variable named `X` may instead be given as `X_FILE`,
the path of a file that holds the value (Docker and Kubernetes secrets).
"""

import dataclasses
import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from core.kit.errors import SettingError
from core.process import setting_values as read
from core.process.ground_settings import GroundSettings
from core.process.outside_settings import OutsideSettings
from core.process.setting_fields import HANDS, Role, parse, read_text, variable

if TYPE_CHECKING:  # a module of tables: settings are read by commands that need none
    from schemas.people import Language
    from schemas.uploads import Policy


@dataclass(frozen=True, kw_only=True)
class Settings(OutsideSettings, GroundSettings):
    """All settings of the shop. Times in seconds, sizes in bytes."""

    shop_name: str = variable("Shown in messages and on pages", default="Comptoir", group="The shop")
    legal_name: str = variable(
        "Who sells, by law: a person or a company, at the foot of web pages", default="", roles=("api",)
    )
    legal_address: str = variable("The seller's postal address, there as well", default="", roles=("api",))
    legal_number: str = variable(
        "The seller's number: of VAT or of a register, there as well", default="", roles=("api",)
    )
    legal_contact: str = variable(
        "Where the seller is reached: an e-mail address or a telephone number, there as well",
        default="",
        roles=("api",),
    )
    first_admin: int = variable(
        "Telegram id of who becomes admin when the shop has none", default=0, parse=read.count, roles=("cli",)
    )
    default_language: "Language" = variable(
        "Language of who names none, fr or en", default="fr", parse=read.one_of("fr", "en")
    )
    fallback_language: "Language" = variable(
        "Language of who names only others than these, fr or en", default="en", parse=read.one_of("fr", "en")
    )
    rail_policy: str = variable(
        "Which rail may be offered where: entry:rail,rail;entry:rail",
        default="bot:stars;web:card,crypto,manual",
    )
    manual_instructions: str = variable(
        "Where a manual transfer goes (shown on the order page)", default="", roles=("api", "cli")
    )
    sellers_open: bool = variable(
        "yes: anyone may open a shop, if MODERATION does not want its name looked at; no: an admin approves",
        default=False,
        parse=read.boolean,
    )
    support_answer_within: int = variable(
        "Seconds within which staff mean to answer a question; older ones raise an alert",
        default=86_400,
        parse=read.positive,
        roles=("workers", "cli"),
    )
    start_link_ttl: int = variable(
        "Life of the link that opens a web order in Telegram",
        default=86_400,
        parse=read.positive,
    )
    order_ttl: int = variable("Life of an unpaid order", default=86_400, parse=read.positive)

    job_history_days: int = variable(
        "For how many days finished jobs are kept; dead ones are kept until you delete them",
        default=30,
        parse=read.positive,
        roles=("workers",),
        group="Keeping and backups",
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

    smtp_host: str = variable(
        "Mail server. Empty: nothing is sent by e-mail", default="", group="Mail and notifications"
    )
    smtp_port: int = variable("Port of the mail server", default=587, parse=read.port(1), roles=("workers",))
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

    bot_token: str = variable(
        "From BotFather",
        default="",
        parse=read.bot_token,
        roles=("bot", *HANDS),
        secret=True,
        group="Telegram",
    )
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
    telegram_test: bool = variable(
        "yes: the bot lives on Telegram's test servers; refused in production",
        default=False,
        parse=read.boolean,
    )
    session_dir: Path | None = variable(
        "Folder for Telegram sessions (mode 0700). Empty: in memory",
        default=None,
        parse=read.folder,
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
        group="Uploads and previews",
    )
    mini_app_dir: Path | None = variable(
        "Folder of the built Mini App. Empty: miniapp/dist beside the code",
        default=None,
        parse=read.folder,
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
    shop_fee_grace_days: int = variable(
        "Days for which a shop stays open after its monthly fee has lacked and its seller was told",
        default=5,
        parse=read.positive,
        roles=("workers",),
    )
    listing_fee: str = variable(
        "What listing a product costs its seller, like stars=100;manual=5.00 EUR. Empty: nothing", default=""
    )
    moderation: str = variable(
        "Which files and texts staff look at: off, flagged (what automatic checks notice) or all",
        default="flagged",
        parse=read.one_of("off", "flagged", "all"),
    )
    moderation_words: str = variable(
        "Words in what sellers write (titles, descriptions, names) that call staff, separated by commas",
        default="",
    )
    preview_max_bytes: int = variable(
        "Largest file that gets a preview, in bytes; 0: of any size", default=0, parse=read.count, roles=HANDS
    )
    withdrawal_waiver: bool = variable(
        "yes: buyers give up the right of withdrawal (14 days in the EU) before they pay",
        default=False,
        parse=read.boolean,
    )
    preview_watermark: bool = variable(
        "yes: the shop's name is written on previews", default=True, parse=read.boolean, roles=HANDS
    )
    store_price: str = variable(
        "What the store costs for a GB (10^9 bytes) and month", default="0.023 USD", roles=("cli",)
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read all fields. Raises `SettingError` naming the variable that is missing or wrong."""
        values: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            raw = read_text(environment, field.name.upper())
            if raw:
                values[field.name] = parse(field, raw)
            elif field.default is dataclasses.MISSING:
                raise SettingError(
                    f"{field.name.upper()} is not set ({field.metadata['help']}). "
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

    def make_folders(self, *names: str) -> None:
        """Make these folders where they are named and lack; `SettingError` where one cannot be written to."""
        for name in names:
            folder: Path | None = getattr(self, name)
            if folder is None:
                continue
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if not os.access(folder, os.W_OK | os.X_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            except OSError as error:
                raise SettingError(
                    f"{name.upper()} is wrong: {folder} cannot be made or written to ({error.strerror}). "
                    "Name a folder that this user may write to."
                ) from None

    def environment_for(self, role: Role) -> dict[str, str]:
        """The variables a process of this role may see, as text; nothing else of ours is passed on."""
        variables: dict[str, str] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if role in field.metadata["roles"] and value not in ("", None):
                variables[field.name.upper()] = (
                    ("yes" if value else "no") if isinstance(value, bool) else str(value)
                )
        return variables
