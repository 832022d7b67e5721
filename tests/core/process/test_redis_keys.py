"""Every key that we put into Redis begins as one of ours, and no module writes such a beginning itself."""

import re
from pathlib import Path

from core.process import redis_keys

ROOT = Path(__file__).parents[3]
KEY = re.compile(r'f?"([a-z-]+:)(?=[a-z{])')
USES_REDIS = re.compile(r"^(from|import) redis", re.MULTILINE)


def test_no_module_that_talks_to_redis_writes_the_beginning_of_a_key_itself() -> None:
    sources = [path for room in ("core", "bot", "api", "workers") for path in (ROOT / room).rglob("*.py")]
    written = {
        (path.name, begin)
        for path in sources
        if USES_REDIS.search(path.read_text()) and path.name != "redis_keys.py"
        for begin in KEY.findall(path.read_text())
        if begin not in ("redis:", "unix:", "postgresql:")
    }
    assert not written


def test_subjects_do_not_swallow_one_another() -> None:
    names = redis_keys.ALL
    assert not [(one, other) for one in names for other in names if one != other and one.startswith(other)]
