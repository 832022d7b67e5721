"""The chart of the preview benchmark: bytes read for one preview, on a logarithmic scale, as SVG."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

WIDTH, LEFT, ROW, GAP = 900, 250, 22, 16
COLOURS = {
    "ours": "#8b5cf6",
    "remotezip": "#06b6d4",
    "s3fs": "#f59e0b",
    "ffmpeg": "#ec4899",
    "whole": "#94a3b8",
}
LEAST = 1 << 14  # bytes at the left edge

Bar = tuple[str, str, int, bool]
"""File, way, bytes, whether it ended well."""


def draw(bars: Sequence[Bar]) -> str:
    """An SVG with a bar for each preview, grouped by file."""
    most = max(size for _, _, size, _ in bars)
    scale = (WIDTH - LEFT - 120) / max(1e-9, math.log10(most / LEAST))
    parts: list[str] = []
    at, last = 40, ""
    for file, way, size, well in bars:
        if file != last:
            at, last = at + GAP, file
            parts.append(f'<text x="8" y="{at + 15}" font-weight="700">{escape(file)}</text>')
        width = max(2.0, math.log10(max(size, LEAST + 1) / LEAST) * scale)
        label = f"{way}: {human(size)}{'' if well else ', not finished'}"
        parts.append(
            f'<rect x="{LEFT}" y="{at}" width="{width:.1f}" height="{ROW - 4}" rx="3" '
            f'fill="{COLOURS[way]}" opacity="{1 if well else 0.4}"/>'
            f'<text x="{LEFT + width + 6:.1f}" y="{at + 14}">{escape(label)}</text>'
        )
        at += ROW
    title = '<text x="8" y="24" font-size="16" font-weight="700">Bytes read (logarithmic)</text>'
    style = 'font-family="system-ui, sans-serif" font-size="12" fill="#1e293b"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {at + 16}" {style}>'
        f'<rect width="100%" height="100%" fill="#fafbfc"/>{title}{"".join(parts)}</svg>\n'
    )


def human(size: int) -> str:
    """A size in bytes as people read it: in KiB, MiB or GiB."""
    for unit, one in (("GiB", 1 << 30), ("MiB", 1 << 20)):
        if size >= one:
            return f"{size / one:.2f} {unit}"
    return f"{size / 1024:.0f} KiB"
