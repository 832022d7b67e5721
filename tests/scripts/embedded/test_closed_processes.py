"""Each process of ours shuts its memory and open files to others of its user before it holds anything."""

import os
import subprocess
import sys

import pytest

# Nothing of it is asked of another process: to root, who runs tests in a container, all of them are open.
PROGRAM = """
import asyncio, ctypes, os, sys
{imports}
from core.process import kernel
from core.process.settings import Settings

def told(*arguments, **named):
    sys.exit(ctypes.CDLL(None).prctl(kernel.PR_GET_DUMPABLE, 0, 0, 0, 0))

settings = Settings.from_environment({{"DATABASE_URL": "postgresql://db/shop", "REDIS_URL": "redis://redis/0"}})
assert ctypes.CDLL(None).prctl(kernel.PR_GET_DUMPABLE, 0, 0, 0, 0) == 1
{next_step} = told
{start}
sys.exit(9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2)")
@pytest.mark.parametrize(
    ("imports", "next_step", "start"),
    [
        ("import api.main", "api.main.Database", "api.main.serve(settings)"),
        ("import bot.main", "bot.main.Database", "asyncio.run(bot.main.run(settings))"),
        (
            "from scripts.embedded import one_parent",
            "one_parent.Parent",
            "one_parent.Shop({}, 0, 0, []).run()",
        ),
        (
            "from workers.runtime import parent",
            "parent.gc.freeze",
            "parent.Parent([], told).run()",
        ),
    ],
    ids=["api", "bot", "parent of the box", "parent of workers"],
)
def test_a_process_is_closed_before_it_reaches_anything(imports: str, next_step: str, start: str) -> None:
    program = PROGRAM.format(imports=imports, next_step=next_step, start=start)
    done = subprocess.run(
        [sys.executable, "-c", program], env=dict(os.environ), stderr=subprocess.PIPE, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
