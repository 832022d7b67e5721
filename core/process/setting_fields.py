"""What a field of the settings is made of: the roles that may see it, its explanation, its parser."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from core.kit.errors import SettingError

Role = Literal["api", "bot", "workers", "cli"]
EVERYONE: tuple[Role, ...] = ("api", "bot", "workers", "cli")
HANDS: tuple[Role, ...] = ("workers", "cli")


def variable(
    help_text: str,
    *,
    default: Any = dataclasses.MISSING,
    parse: Callable[[str], Any] = str,
    roles: Iterable[Role] = EVERYONE,
    secret: bool = False,
    group: str = "",
) -> Any:
    """A settings field: its explanation, its parser, the process roles that may receive it.

    `group` is the subject of this field and of those that follow it, where a new one begins.
    """
    metadata = {"help": help_text, "parse": parse, "roles": tuple(roles), "secret": secret, "group": group}
    return dataclasses.field(default=default, metadata=metadata, repr=not secret)


def read_text(environment: Mapping[str, str], name: str) -> str:
    """The text of variable `name`, or of the file that `name`_FILE points to; "" where neither is set.

    Raises `SettingError` when the file cannot be read.
    """
    path = environment.get(f"{name}_FILE")
    if path is None:
        return environment.get(name, "")
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SettingError(
            f"{name}_FILE points to {path}, which cannot be read ({error.strerror}). "
            f"Mount the secret there, or set {name} itself."
        ) from None


def parse(field: "dataclasses.Field[Any]", raw: str) -> Any:
    """The value of a field. Raises `SettingError`, which shows the text unless it is a secret."""
    try:
        return field.metadata["parse"](raw)
    except ValueError as error:
        text = "its value" if field.metadata["secret"] else repr(raw)
        name, meaning = field.name.upper(), field.metadata["help"]
        raise SettingError(f"{name} is wrong: {text} was refused ({error}). It means: {meaning}.") from None
