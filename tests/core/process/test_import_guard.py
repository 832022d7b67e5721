"""What libraries do without the packages that servers keep out (docs/private-seams.md)."""

import importlib
import subprocess
import sys
from types import ModuleType

import pytest

from core.process import import_guard

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


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """`sys.modules` as it is put back afterwards, without the two packages."""
    for name in ("rich", "opentelemetry"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
        del sys.modules[name]
    monkeypatch.delenv("OTLP_ENDPOINT", raising=False)
    return sys.modules  # type: ignore[return-value]


@pytest.mark.parametrize("variable", ["OTLP_ENDPOINT", "OTLP_ENDPOINT_FILE", ""])
def test_what_traces_need_is_let_in_where_traces_are_asked_for(
    modules: dict[str, object], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    if variable:
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    importlib.reload(import_guard)
    assert modules["rich"] is None
    assert ("opentelemetry" in modules) == (not variable)


def test_a_package_that_is_kept_out_stays_in_memory_and_cannot_be_imported(
    modules: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = ModuleType("rich")
    monkeypatch.setitem(sys.modules, "rich", imported)
    kept: list[object] = []
    monkeypatch.setattr(import_guard, "_displaced", kept)
    import_guard.keep_out(["rich", "opentelemetry"])
    assert kept == [imported, None]
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("rich")
