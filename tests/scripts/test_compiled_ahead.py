"""What servers import is compiled before their first start, in which it would cost each of them 8 MiB."""

import os
import re
import subprocess
import sys
from pathlib import Path

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
    imported = output_of([sys.executable, "-OO", "-c", IMPORTED]).split()
    assert "litestar" in imported
    assert {name for name in imported if not UNCOMPILED.search(name)} - set(listed[1].split()) == set()


ONCE = """
import sys
sys.path.insert(0, sys.argv[1])
import changed
from scripts.embedded.compiled import compiled_here
print(compiled_here())
"""


def test_a_process_knows_that_it_compiled_what_it_imported(tmp_path: Path) -> None:
    """The parent of all starts again then: what was changed after setup is compiled at its start."""
    (tmp_path / "changed.py").write_text("PRICE = 5\n")

    def compiles() -> str:
        command = [sys.executable, "-OO", "-c", ONCE, str(tmp_path)]
        return output_of(command).strip()

    assert compiles() == "True"
    assert compiles() == "False"


def output_of(command: list[str]) -> str:
    clean = {"PATH": os.environ["PATH"]}  # where nothing keeps Python from writing what it compiled
    done = subprocess.run(command, cwd=PROJECT, env=clean, capture_output=True, text=True, check=True)
    return done.stdout
