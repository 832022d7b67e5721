"""One page with all files of the corpus: our picture beside an ordinary tool's, and what it took."""

import base64
import io
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image

from workers.preview.preview import Preview

WIDE = 300  # pixels of a picture on the page
STYLE = """body{font:14px system-ui;margin:2em;background:#f6f6f8;color:#222}
table{border-collapse:collapse;background:#fff}td,th{border:1px solid #ccc;padding:.5em;vertical-align:top;
text-align:left}img{max-width:300px;max-height:200px;display:block}td.bad{background:#fbdcdc}"""


@dataclass(frozen=True)
class Shown:
    """A sound file: its preview, an ordinary tool's picture where there is one, and their likeness."""

    name: str
    preview: Preview
    reference: Path | None
    likeness: float | None
    damaged: dict[str, int]


def write_page(path: Path, comparisons: list[Shown], least: float) -> None:
    """Write the page; it needs no other file."""
    rows = "".join(_row(each, least) for each in comparisons)
    head = "<tr><th>File<th>Outcome<th>Took<th>Ours<th>Ordinary tool<th>Likeness<th>Damaged copies</tr>"
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>Corpus</title><style>{STYLE}</style>"
    path.write_text(f"{page}<h1>Previews of the corpus</h1><table>{head}{rows}</table>", encoding="utf-8")


def _row(comparison: Shown, least: float) -> str:
    preview = comparison.preview
    poster = preview.pictures.get("poster.jpg") or next(iter(preview.pictures.values()), b"")
    outcome = f"{preview.outcome}<br>{escape(preview.reason)}"
    took = (
        f"{preview.cost.seconds:.2f} s<br>{preview.cost.peak_rss >> 20} MiB<br>{preview.cost.requests} reads"
    )
    cells = [f"<td>{escape(comparison.name)}<br>{escape(preview.label)}"]
    cells.append(f"<td{_bad(preview.outcome != 'made')}>{outcome}<td>{took}")
    cells.append(f"<td>{_picture(poster)}")
    cells.append(f"<td>{_picture(comparison.reference.read_bytes()) if comparison.reference else '–'}")
    likeness = comparison.likeness
    cells.append(
        f"<td{_bad(likeness is not None and likeness < least)}>{'–' if likeness is None else likeness}"
    )
    damaged = "<br>".join(f"{outcome}: {count}" for outcome, count in sorted(comparison.damaged.items()))
    return f"<tr>{''.join(cells)}<td>{damaged}</tr>"


def _bad(is_bad: bool) -> str:
    return " class=bad" if is_bad else ""


def _picture(content: bytes) -> str:
    if not content or content[4:8] == b"ftyp":
        return "–"
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.thumbnail((WIDE, WIDE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}">'
