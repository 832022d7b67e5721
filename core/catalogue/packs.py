"""What an archive is sold as, by the names in it: samples for musicians, presets, tables of colours. Pure."""

from collections import Counter
from collections.abc import Iterable
from statistics import median

from schemas.preview import Entry

FEWEST = 3
MOSTLY = 0.8
LONGEST_SAMPLE = 5_000_000
"""Bytes at the median: a loop or a single note. The songs of an album are larger."""
_KINDS = {
    "samples": "wav wave aif aiff aifc caf w64 rex rx2 rcy mid midi sfz sf2 nki exs adg adv fxp fxb vital",
    "presets": "xmp lrtemplate dng",
    "luts": "cube 3dl csp look spi3d vlt",
}
_BESIDE = "txt pdf md rtf doc docx html htm url webloc jpg jpeg png gif nfo ini db ds_store"
_BY_ENDING = {ending: kind for kind, endings in _KINDS.items() for ending in endings.split()}
_OTHERS = frozenset(_BESIDE.split())


def pack_of(entries: Iterable[Entry]) -> str:
    """samples, presets or luts, where most files are of one of these and little else; empty of others.

    What comes beside them in any pack is not counted: a licence, a cover, how to install it.
    """
    files = [each for each in entries if not each.folder and not each.name.startswith("__MACOSX/")]
    endings = [(each.name.rpartition(".")[2].lower(), each.size) for each in files]
    goods = [(ending, size) for ending, size in endings if ending not in _OTHERS]
    if len(goods) < FEWEST:
        return ""
    kind, count = Counter(_BY_ENDING.get(ending, "") for ending, _ in goods).most_common(1)[0]
    if count < len(goods) * MOSTLY:
        return ""
    long = kind == "samples" and median(size or 0 for _, size in goods) > LONGEST_SAMPLE
    # Lightroom's telephone takes presets as DNG, which alone are photos.
    photos = kind == "presets" and all(ending == "dng" for ending, _ in goods)
    return "" if long or photos else kind
