"""3D models: drawn whole, however large, or told why not."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from schemas.preview import Unknown
from scripts.bench import odd_models
from workers.preview.preview import Preview, make_preview
from workers.preview.source import FileSource

Look = Callable[[bytes], Preview]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def make(content: bytes) -> Preview:
        (tmp_path / "x").write_bytes(content)
        return make_preview(FileSource(tmp_path / "x"))

    return make


def poster(preview: Preview) -> Image.Image:
    assert preview.outcome == "made", preview.reason
    return Image.open(io.BytesIO(preview.pictures["poster.jpg"])).convert("RGB")


@pytest.mark.parametrize("content", [odd_models.stl, lambda: odd_models.OBJ, odd_models.glb])
def test_a_model_is_drawn(look: Look, content: Callable[[], bytes]) -> None:
    preview = look(content())
    assert isinstance(preview.description, Unknown)
    assert preview.description.label.startswith("3D model")
    colours = poster(preview).getcolors(1 << 18) or []
    assert len(colours) > 1
    assert max(count for count, _ in colours) < 480 * 480 * 0.95


def test_all_of_a_large_model_is_drawn_not_its_beginning(look: Look) -> None:
    """Far more points and faces than are drawn; the last of them are at the other end."""
    for content in (odd_models.long_glb(150_000), odd_models.long_obj(150_000), odd_models.long_stl(150_000)):
        shown = poster(look(content)).convert("L")
        ground = shown.getpixel((0, 0))
        ends = [shown.crop((240 + side, 0, 241 + side, 480)).getextrema() for side in (-200, 0, 200)]
        assert all(low != ground for low, _ in ends), ends


def test_a_model_whose_faces_are_packed_says_so(look: Look) -> None:
    content = odd_models.glb(extensionsRequired=["KHR_draco_mesh_compression"])
    preview = look(content)
    assert (preview.outcome, preview.description) == ("partial", Unknown("3D model (GLB)"))
    assert "packed" in preview.reason


def test_a_model_in_small_numbers_is_drawn(look: Look) -> None:
    assert len(poster(look(odd_models.glb(small=True))).getcolors(1 << 18) or []) > 1
