"""What a process must not import, seen from inside the process: sys.modules after its main is imported."""

import json
import subprocess
import sys

import pytest

HEAVY = ("minio", "pymupdf", "fitz", "ffmpeg", "av", "dramatiq", "alembic")
FORBIDDEN = {
    "api.main": (*HEAVY, "pyrogram", "workers", "bot", "scripts"),
    "bot.main": (*HEAVY, "litestar", "workers", "api", "scripts"),
}


@pytest.mark.parametrize("module", FORBIDDEN)
def test_a_web_process_imports_nothing_it_must_not_use(module: str) -> None:
    program = f"import {module}, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert loaded.isdisjoint(FORBIDDEN[module])
    assert module.partition(".")[0] in loaded
