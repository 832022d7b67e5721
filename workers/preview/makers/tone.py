"""Pictures of high dynamic range, brought into the range of ordinary screens.

The curves: ITU-R BT.2100-2 (PQ in table 4, HLG in table 5), BT.2408 (reference white at 203 cd/m²); colours
from BT.2020 to BT.709 by BT.2407; what is brighter than white is rolled off as Reinhard does (2002, eq. 4).
"""

import math
from functools import cache

from PIL import Image, ImageFilter

PQ, HLG = 16, 18
"""`transfer_characteristics` (ISO/IEC 23091-2, table 3)."""
SIDE = 25  # of the table of colours
WHITE, PEAK = 203.0, 1000.0  # cd/m²
_TO_709 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))


def is_high(transfer: int | None) -> bool:
    """Whether a picture with this transfer is of high dynamic range."""
    return transfer in (PQ, HLG)


def toned(image: Image.Image, transfer: int) -> Image.Image:
    """A picture whose RGB is coded so, as ordinary screens show it."""
    return image.filter(_table(transfer))


@cache
def _table(transfer: int) -> ImageFilter.Color3DLUT:
    light = [_pq(step / (SIDE - 1)) if transfer == PQ else _hlg(step / (SIDE - 1)) for step in range(SIDE)]
    colours: list[float] = []
    for blue in light:
        for green in light:
            for red in light:
                colours += _shown(red, green, blue)
    return ImageFilter.Color3DLUT(SIDE, colours)


def _shown(red: float, green: float, blue: float) -> list[float]:
    linear = [max(0.0, row[0] * red + row[1] * green + row[2] * blue) for row in _TO_709]
    bright = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    # Reinhard's curve is the line up to a bend, so that what is no darker than white stays as it is.
    bend, peak = 0.6, PEAK / WHITE
    if bright > bend:
        above = (bright - bend) / (1 - bend)
        most = (peak - bend) / (1 - bend)
        rolled = bend + (1 - bend) * above * (1 + above / most**2) / (1 + above)
        linear = [colour * rolled / bright for colour in linear]
    return [_srgb(min(1.0, colour)) for colour in linear]


def _srgb(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def _pq(code: float) -> float:
    """Light of a code, 1 for reference white."""
    root = float(code ** (1 / 78.84375))
    light = max(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)
    return float(10_000 / WHITE * light ** (1 / 0.1593017578125))


def _hlg(code: float) -> float:
    scene = code * code / 3 if code <= 0.5 else (math.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return float(scene**1.2 * PEAK / WHITE)
