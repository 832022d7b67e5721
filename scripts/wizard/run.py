"""The wizard from the first question to the last file."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer

from core.kit.tokens import random_token
from core.process.settings import Settings
from scripts.embedded.process import PROJECT
from scripts.settings_page import group_of
from scripts.wizard.answers import (
    QUESTIONS,
    Question,
    WizardError,
    checked,
    current,
    domain,
    for_containers,
    for_this_machine,
    without_files,
)
from scripts.wizard.changes import compare, lines
from scripts.wizard.env_file import values_of, with_values, write_private
from scripts.wizard.files import CADDYFILE, UNIT, Place, caddyfile, unit
from scripts.wizard.telegram import Introduction, introduce

ME = "me"
WAIT = 180.0  # seconds for somebody to open a link in Telegram
NOWHERE = {"DATABASE_URL": "postgresql:///none", "REDIS_URL": "redis://none"}
"""Addresses that a shop's settings cannot do without, and that nobody calls here."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Wishes:
    """What was said on the command line: answers by the names of `.env`, and how to go about it."""

    answers: Mapping[str, str]
    others: Mapping[str, str]
    store_domain: str
    containers: bool
    yes: bool
    check: bool
    env_file: Path
    var: Path


def run(wishes: Wishes, say: Say) -> dict[str, Any]:
    """Ask, check, show what changes, write. Returns what was done, for machines.

    Raises `WizardError` where an answer is missing or wrong; nothing was written then.
    """
    text = wishes.env_file.read_text() if wishes.env_file.exists() else ""
    before = values_of(text)
    answers = _answers(wishes, before, say)
    others = {name: checked(name, value) for name, value in wishes.others.items()}
    bot = _check(wishes, {**before, **others, **answers}, say) if wishes.check else Introduction("")
    answers |= {"FIRST_ADMIN": str(bot.admin_id)} if bot.admin_id else {}
    if answers.get("FIRST_ADMIN") == ME:
        raise WizardError(
            "Nobody opened the link in time. Run it again, or give a number: --admin TELEGRAM_ID"
        )
    if bot.username:
        answers["BOT_USERNAME"] = bot.username
    values = _values(wishes, answers, before) | others
    values = without_files({name: value for name, value in values.items() if value}, before)
    changes = compare(before, values)
    for line in lines(changes):
        say(line)
    if not wishes.yes and not typer.confirm(f"Write this to {wishes.env_file}?", default=True, err=True):
        raise WizardError("Nothing was written.")
    write_private(wishes.env_file, with_values(text, values, group_of()))
    files = [wishes.env_file, *_files(wishes, values)]
    return {
        "bot": bot.username,
        "admin": bot.admin_name,
        "changes": [asdict(change) for change in changes if change.kind != "kept"],
        "files": [str(path) for path in files],
        "next": _next_steps(wishes, answers),
    }


def _answers(wishes: Wishes, before: Mapping[str, str], say: Say) -> dict[str, str]:
    answers: dict[str, str] = {}
    missing = []
    for question in QUESTIONS:
        previous = wishes.answers.get(question.name, "") or current(before, question)
        if not wishes.yes and not wishes.answers.get(question.name):
            answers[question.name] = _ask(question, previous, say)
        elif previous:
            answers[question.name] = _read(question, previous)
        elif question.needed:
            missing.append(f"{question.flag} ({question.words})")
    if missing:
        raise WizardError(f"This is missing: {'; '.join(missing)}.")
    return answers


def _read(question: Question, answer: str) -> str:
    return answer if (question.name, answer) == ("FIRST_ADMIN", ME) else checked(question.name, answer)


def _ask(question: Question, previous: str, say: Say) -> str:
    """Ask until the answer can be used; Enter keeps what is known, or leaves it empty."""
    default = "as it is" if question.hidden and previous else previous
    while True:
        typed = typer.prompt(
            question.words, default=default, show_default=bool(default), hide_input=question.hidden, err=True
        )
        answer = previous if typed == default else str(typed)
        try:
            if question.needed and not answer.strip():
                raise WizardError("Without it there is no shop.")
            return _read(question, answer)
        except WizardError as error:
            say(str(error))


def _check(wishes: Wishes, environment: Mapping[str, str], say: Say) -> Introduction:
    """Who the bot is; with the answer `me`, who opens the link. A sandbox of the environment counts."""
    names = ("ENV", "TELEGRAM_SANDBOX")
    around = {name: os.environ[name] for name in names if name in os.environ}
    variables = {**NOWHERE, **environment, **around}
    code = f"setup-{random_token()[:20]}" if variables.pop("FIRST_ADMIN", "") == ME else ""
    settings = Settings.from_environment({name: value for name, value in variables.items() if value})

    def announce(link: str) -> None:
        say(f"Open this link in Telegram within {WAIT / 60:g} minutes and press Start: {link}")

    bot = introduce(settings, code=code, wait=WAIT, announce=announce)
    say(f"The token is that of @{bot.username}.")
    if bot.admin_id:
        say(f"{bot.admin_name or 'Somebody'} ({bot.admin_id}) opened it and becomes the first admin.")
    return bot


def _values(wishes: Wishes, answers: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    store = domain(wishes.store_domain) if wishes.store_domain else ""
    if wishes.containers:
        return for_containers(answers, before, store)
    host = before.get("S3_PUBLIC_ENDPOINT", "").removeprefix("https://")
    moved = before.get("PUBLIC_URL", "") == before.get("S3_PUBLIC_ENDPOINT", "")
    return for_this_machine(answers, before, store or ("" if moved else host), wishes.var)


def _files(wishes: Wishes, values: Mapping[str, str]) -> list[Path]:
    if wishes.containers:
        return []
    place = Place(
        shop_domain=values["PUBLIC_URL"].removeprefix("https://"),
        store_domain=values["S3_PUBLIC_ENDPOINT"].removeprefix("https://"),
        bucket=values.get("S3_BUCKET") or "comptoir",
        api_port=int(values["API_PORT"]),
        store_port=int(values["STORE_PORT"]),
        project=PROJECT,
        var=wishes.var.absolute(),
    )
    wishes.var.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in ((CADDYFILE, caddyfile(place)), (UNIT, unit(place))):
        (wishes.var / name).write_text(text)
        written.append(wishes.var / name)
    return written


def _next_steps(wishes: Wishes, answers: Mapping[str, str]) -> list[str]:
    shop = answers["SHOP_DOMAIN"]
    admin = (
        []
        if answers.get("FIRST_ADMIN")
        else ["comptoir admin add TELEGRAM_ID    # /help shows it in the bot"]
    )
    if wishes.containers:
        steps = ["scripts/deploy/release secrets", "scripts/deploy/release deploy"]
        steps.append("docker compose run --rm cli doctor")
        return [*steps, *(step.replace("comptoir", "docker compose run --rm cli", 1) for step in admin)]
    return [
        f"# {shop} must point to this machine, and ports 80 and 443 be open (docs/firewall.md)",
        f"sudo install -m 644 {wishes.var / CADDYFILE} /etc/caddy/Caddyfile && sudo systemctl reload caddy",
        f"sudo install -m 644 {wishes.var / UNIT} /etc/systemd/system/ && sudo systemctl daemon-reload",
        "sudo systemctl enable --now comptoir",
        *admin,
        ".venv/bin/comptoir doctor",
    ]


def to_stderr(text: str) -> None:
    """What is said on the way; the answer for machines goes to standard output."""
    print(text, file=sys.stderr)
