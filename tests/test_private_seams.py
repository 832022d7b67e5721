"""docs/private-seams.md: the tests that it names are there, and its libraries are pinned exactly."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/private-seams.md").read_text()
LIBRARIES = ["kurigram", "dramatiq", "minio", "litestar", "pymupdf", "textual", "redis", "uvicorn"]
LIBRARIES += ["httptools", "rarfile", "pillow-jxl-plugin"]


def test_the_tests_and_modules_that_the_page_names_are_there() -> None:
    paths = set(re.findall(r"`((?:api|bot|core|scripts|tests|workers)/[\w./]+)`", PAGE))
    assert len(paths) > 30
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_the_libraries_of_the_page_are_pinned_to_the_version_of_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock = (ROOT / "requirements.lock").read_text()
    for name in LIBRARIES:
        (pin,) = re.findall(rf"^{name}(?:\[\w+\])?==([\d.]+)$", "\n".join(project["dependencies"]), re.M)
        assert f"\n{name}=={pin} " in lock, name
