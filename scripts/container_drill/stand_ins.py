"""Stand-ins under the names of images that no registry here gives, of Debian's packages and wheels."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scripts.container_drill.engine import Engine
from scripts.embedded.process import StackError

RECIPES = Path(__file__).parent / "stand_ins"
MIRROR = "http://deb.debian.org/debian"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True)
class Image:
    """An image that the Dockerfile or the compose file names, and the recipe of its stand-in."""

    name: str
    recipe: str


IMAGES = (
    Image("python:3.11-slim", "python"),  # first: the others are made of it
    Image("node:22-slim", "node"),
    Image("postgres:18", "postgres"),
    Image("redis:8", "redis"),
    Image("caddy:2", "caddy"),
    Image("chrislusf/seaweedfs:4.48", "seaweedfs"),
    Image("prom/prometheus:v3.7.3", "prometheus"),
)


def make_images(engine: Engine) -> dict[str, str]:
    """Get each image; how: "here", "pulled" or "stand-in", by its name."""
    return {image.name: _get(engine, image) for image in IMAGES}


def _get(engine: Engine, image: Image) -> str:
    if engine.has(image.name):
        return "here"
    try:
        engine.docker("pull", "--quiet", image.name)
    except StackError:
        _make(engine, image)
        return "stand-in"
    return "pulled"


def _make(engine: Engine, image: Image) -> None:
    with tempfile.TemporaryDirectory(prefix="comptoir-image-") as name:
        folder = Path(name)
        for script in RECIPES.glob("*.sh"):
            shutil.copy(script, folder)
        if image.recipe == "python":
            _make_base(folder)
        recipe = str(RECIPES / f"{image.recipe}.Dockerfile")
        engine.docker("build", "--quiet", "--network", "host", "--tag", image.name, "--file", recipe, name)


def _make_base(folder: Path) -> None:
    """Debian with Python as base.tar, and who this machine trusts, in the folder of the build."""
    if shutil.which("debootstrap") is None:
        raise StackError(
            "debootstrap is not here, which makes the base of all stand-ins: apt-get install debootstrap"
        )
    root = folder / "root"
    packages = "python3,python3-venv,python3-pip,ca-certificates"
    command = ["debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", str(root), MIRROR]
    for step in (command, ["tar", "-C", str(root), "-cf", str(folder / "base.tar"), "."]):
        done = subprocess.run(step, capture_output=True, check=False, text=True)
        if done.returncode != 0:
            raise StackError(
                f"{step[0]} ended with {done.returncode}: {done.stdout[-1000:]}{done.stderr[-1000:]}"
            )
    shutil.rmtree(root)
    shutil.copy(CERTIFICATES, folder / CERTIFICATES.name)
