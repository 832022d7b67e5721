"""What libraries do without the packages that servers keep out (docs/private-seams.md)."""

import subprocess
import sys

PROGRAM = """
import core.process.import_guard

import sys

import redis
import redis.asyncio
import structlog

structlog.get_logger().info("hello")
redis.Redis.from_url("redis://127.0.0.1:1/0").close()
print(sys.modules["rich"], sys.modules["opentelemetry"])
"""


def test_redis_and_structlog_work_without_what_they_would_import() -> None:
    program = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)

    assert program.stderr == ""
    assert "hello" in program.stdout
    assert program.stdout.splitlines()[-1] == "None None"
