"""`python -m scripts.settings_page`: writes `.env.example` and docs/settings.md from the settings object."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.process.settings import Settings
from scripts.embedded.process import PROJECT
from scripts.written_page import print_or_write

EXAMPLE = PROJECT / ".env.example"
PAGE = PROJECT / "docs" / "settings.md"
COMPOSE_GROUP = "With containers only"
COMPOSE = {
    "SHOP_DOMAIN": "Name of the shop, which points to this machine: PUBLIC_URL is made of it",
    "STORE_DOMAIN": "Name of the store, which points here too: S3_PUBLIC_ENDPOINT is made of it",
    "POSTGRES_PASSWORD": "Password of the tables' owner. Empty: made up",
    "POSTGRES_APP_PASSWORD": "Password of the application's role. Empty: made up",
    "POSTGRES_AUDIT_PASSWORD": "Password of the audit's role. Empty: made up",
    "GRAFANA_PASSWORD": "Password of admin at Grafana. Empty: made up",
    "VERSION": "The image that runs, written by scripts/deploy/release",
}
"""What docker-compose.yml and scripts/deploy/release read from `.env` beside the settings."""

EXAMPLE_HEAD = """\
# Every setting of Comptoir, written by `python -m scripts.settings_page --write`. `comptoir init` asks for
# what a shop needs and writes .env; a copy of this file does as well. Lines that stay commented keep the
# value shown. Any NAME may be given as NAME_FILE, the path of a file that holds the value.
"""
PAGE_HEAD = """\
# Settings

Every setting with its default, and the processes that may see it. They are read from the environment and from
`.env`, which `comptoir init` writes; any `NAME` may be given as `NAME_FILE`, the path of a file with the
value. This page and `.env.example` are written by `python -m scripts.settings_page --write` from
`core/process/settings.py`; a test fails on a page that is not today's.
"""
STARTER = "`comptoir up`"
"""Who reads what no process of ours is given."""


@dataclass(frozen=True)
class Entry:
    """One setting as people see it."""

    name: str
    default: str
    help: str
    seen_by: tuple[str, ...]
    secret: bool


def groups() -> dict[str, list[Entry]]:
    """All settings by their subject, in the order of the settings object."""
    by_group: dict[str, list[Entry]] = {}
    group = ""
    for field in dataclasses.fields(Settings):
        group = field.metadata["group"] or group
        by_group.setdefault(group, []).append(_entry(field))
    by_group[COMPOSE_GROUP] = [Entry(name, "", text, ("compose",), False) for name, text in COMPOSE.items()]
    return by_group


def group_of() -> dict[str, str]:
    """The subject of each setting, by the variable's name."""
    return {entry.name: group for group, entries in groups().items() for entry in entries}


def _entry(field: "dataclasses.Field[Any]") -> Entry:
    return Entry(
        field.name.upper(),
        written(field.default),
        field.metadata["help"],
        field.metadata["roles"] or (STARTER,),
        field.metadata["secret"],
    )


def written(value: object) -> str:
    """A setting's value as it is written in `.env`."""
    if value in (None, dataclasses.MISSING):
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def example() -> str:
    """The text of `.env.example`."""
    return "\n".join(_example_lines())


def _example_lines() -> Iterator[str]:
    yield EXAMPLE_HEAD
    for group, entries in groups().items():
        yield f"# --- {group}"
        for entry in entries:
            yield f"# {entry.help}. Seen by: {', '.join(entry.seen_by).replace('`', '')}."
            yield f"# {entry.name}={entry.default}\n"


def page() -> str:
    """The text of docs/settings.md."""
    return "\n".join(_page_lines())


def _page_lines() -> Iterator[str]:
    yield PAGE_HEAD
    for group, entries in groups().items():
        yield f"## {group}\n"
        yield "| Setting | Default | Seen by | What |"
        yield "|---|---|---|---|"
        for entry in entries:
            default = f"`{entry.default}`" if entry.default else ""
            secret = " (a secret)" if entry.secret else ""
            yield (
                f"| `{entry.name}` | {_escaped(default)} | {', '.join(entry.seen_by)} "
                f"| {_escaped(entry.help)}{secret} |"
            )
        yield ""


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Print or write both."""
    print_or_write("scripts.settings_page", __doc__ or "", {EXAMPLE: example, PAGE: page}, _as_rows)


def _as_rows() -> dict[str, list[dict[str, Any]]]:
    return {group: [dataclasses.asdict(entry) for entry in entries] for group, entries in groups().items()}


if __name__ == "__main__":
    main()
