"""What servers import is compiled before their first start, in which it would cost each of them 8 MiB."""

import os
import re
import subprocess
import sys

from scripts.embedded.process import PROJECT

IMPORTED = """
import sys
from pathlib import Path
from scripts.embedded.one_parent import import_all  # first: it keeps out what no server uses
from api.app import route

import_all(["api"])
route("a shop", Path("/nowhere"))
files = [Path(module.__file__).parts for module in sys.modules.values() if getattr(module, "__file__", None)]
print(*{parts[parts.index("site-packages") + 1] for parts in files if "site-packages" in parts})
"""
UNCOMPILED = re.compile(r"\.so$|^_distutils_hack$|^__editable__")


def test_every_package_that_a_server_imports_is_compiled_when_it_is_installed() -> None:
    script = (PROJECT / "scripts/venv").read_text()
    listed = re.search(r'^COMPILED="([^"]+)"', script, re.MULTILINE)
    assert listed
    imported = subprocess.run(
        [sys.executable, "-OO", "-c", IMPORTED],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "litestar" in imported
    assert {name for name in imported if not UNCOMPILED.search(name)} - set(listed[1].split()) == set()
