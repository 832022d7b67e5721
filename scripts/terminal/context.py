"""Where a command's settings come from: the environment, the stack that runs here, `.env`."""

import os
from pathlib import Path

from dotenv import dotenv_values

from core.process.settings import Settings
from scripts.embedded.process import PROJECT
from scripts.embedded.runfile import ENVIRONMENT, read_json


def var_folder(folder: Path | None = None) -> Path:
    """The stack's folder: the one named, or COMPTOIR_VAR, or `var` in the project."""
    return folder or Path(os.environ.get("COMPTOIR_VAR") or PROJECT / "var")


def file_environment() -> dict[str, str]:
    """The variables of the project's `.env`; the environment goes before them."""
    values = dotenv_values(PROJECT / ".env", interpolate=False)
    return {name: value for name, value in values.items() if value is not None}


def load_settings(var: Path | None = None) -> Settings:
    """The settings for a command. Raises `SettingError` when none are found."""
    running = read_json(var_folder(var) / ENVIRONMENT)
    return Settings.from_environment(file_environment() | running | dict(os.environ))
