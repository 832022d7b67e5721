"""What a shop's owner is asked, and what becomes of the answers: names and values of `.env`."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from core.kit.errors import ComptoirError, SettingError
from core.people.initdata import derive_secret
from core.process.setting_fields import parse, read_text
from core.process.settings import Settings
from scripts.embedded.runfile import own_secrets
from scripts.settings_page import COMPOSE

API_PORT, STORE_PORT = 8000, 8333
LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
FIELDS = {field.name.upper(): field for field in fields(Settings)}
MADE_UP = ("POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD", "POSTGRES_AUDIT_PASSWORD", "S3_SECRET_KEY")
"""Of a shop in containers; 24 random bytes each."""


class WizardError(ComptoirError):
    """What was answered cannot be used; the message says why and what to answer."""


@dataclass(frozen=True)
class Question:
    """One thing that is asked: the name in `.env`, the flag, and the words."""

    name: str
    flag: str
    words: str
    needed: bool = False
    hidden: bool = False


QUESTIONS = (
    Question("BOT_TOKEN", "--token", "The bot's token, from BotFather (/newbot)", needed=True, hidden=True),
    Question("TELEGRAM_API_ID", "--api-id", "The API id, from my.telegram.org", needed=True),
    Question("TELEGRAM_API_HASH", "--api-hash", "The API hash, from there too", needed=True, hidden=True),
    Question("SHOP_DOMAIN", "--domain", "The shop's name on the web, like shop.example.org", needed=True),
    Question("SHOP_NAME", "--name", "What the shop is called"),
    Question("LEGAL_NAME", "--legal-name", "Who sells, by law: your name or your company's"),
    Question("LEGAL_ADDRESS", "--legal-address", "Their postal address"),
    Question("LEGAL_NUMBER", "--legal-number", "Their number, of VAT or of a register"),
    Question("LEGAL_CONTACT", "--legal-contact", "Where they are reached: e-mail or telephone"),
    Question(
        "FIRST_ADMIN",
        "--admin",
        "The first admin: your Telegram id, or `me` to say it to the bot in a minute",
    ),
)


def domain(answer: str) -> str:
    """The name in an answer, which may be pasted with https:// and in any script. Raises `WizardError`."""
    bare = re.sub(r"^https?://", "", answer.strip().lower()).rstrip("/.")
    try:
        name = bare.encode("idna").decode()
    except UnicodeError:
        name = ""
    if not re.fullmatch(rf"(?:{LABEL}\.)+(?!\d+$){LABEL}", name):
        raise WizardError(
            f"{answer!r} is no name on the web. Give it alone, like shop.example.org, without port or path; "
            "an address in numbers gets no certificate."
        )
    return name


def checked(name: str, answer: str) -> str:
    """The answer to the question of this name, as it is written down. Raises `WizardError`."""
    answer = answer.strip()
    if name in ("SHOP_DOMAIN", "STORE_DOMAIN"):
        return domain(answer) if answer else ""
    if not answer.replace("\n", "").isprintable():
        raise WizardError(f"{name} holds a character that cannot be shown. Type it anew.")
    if name not in FIELDS and name not in COMPOSE:
        raise WizardError(f"There is no setting {name}. docs/settings.md has all of them.")
    if answer and name in FIELDS:
        try:
            parse(FIELDS[name], answer)
        except SettingError as error:
            raise WizardError(str(error)) from None
    return answer


def current(environment: Mapping[str, str], question: Question) -> str:
    """What `.env` answers already; the shop's name on the web is that of its address."""
    if question.name == "SHOP_DOMAIN" and not environment.get("SHOP_DOMAIN"):
        return re.sub(r"^https?://", "", environment.get("PUBLIC_URL", ""))
    return read_text(environment, question.name)


def for_this_machine(
    answers: Mapping[str, str], before: Mapping[str, str], store_domain: str, var: Path
) -> dict[str, str]:
    """The values of `.env` of a shop that `comptoir up` starts here, behind a proxy."""
    shop = answers["SHOP_DOMAIN"]
    values = {name: value for name, value in answers.items() if name != "SHOP_DOMAIN"}
    return {
        "ENV": before.get("ENV") or "production",
        "PUBLIC_URL": f"https://{shop}",
        "TRUSTED_PROXY": before.get("TRUSTED_PROXY") or "yes",
        "API_PORT": before.get("API_PORT") or str(API_PORT),
        "STORE_PORT": before.get("STORE_PORT") or str(STORE_PORT),
        "S3_PUBLIC_ENDPOINT": f"https://{store_domain or shop}",
        "LINK_SECRET": read_text(before, "LINK_SECRET") or own_secrets(var)[1],
    } | values


def for_containers(
    answers: Mapping[str, str], before: Mapping[str, str], store_domain: str
) -> dict[str, str]:
    """The values of `.env` of a shop in containers. Raises `WizardError` without a name for the store."""
    store = store_domain or before.get("STORE_DOMAIN", "")
    if not store or store == answers["SHOP_DOMAIN"]:
        raise WizardError("With containers the store has a name of its own: --store-domain files.example.org")
    token = answers["BOT_TOKEN"]
    values = {name: read_text(before, name) or secrets.token_hex(24) for name in MADE_UP}
    values["S3_ACCESS_KEY"] = read_text(before, "S3_ACCESS_KEY") or f"comptoir{secrets.token_hex(6)}"
    values["LINK_SECRET"] = read_text(before, "LINK_SECRET") or secrets.token_hex(32)
    derived = {
        "INIT_DATA_SECRET": derive_secret(token),
        "BOT_ID": token.partition(":")[0],
        "STORE_DOMAIN": store,
    }
    return values | derived | dict(answers)


def without_files(values: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """The values but for those that stand in a file which `.env` names.

    Raises `WizardError` where that file says something else, since the file would win.
    """
    in_files = [name for name in values if before.get(f"{name}_FILE")]
    for name in in_files:
        if read_text(before, name) != values[name]:
            raise WizardError(f"{name} stands in the file {before[f'{name}_FILE']}. Change it there.")
    return {name: value for name, value in values.items() if name not in in_files}
