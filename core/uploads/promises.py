"""What the ending of a file's name promises of its content."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Content = Literal["pdf", "archive", "office", "film", "sound", "picture", "text", "program"]
"""What a file is, in the words that the texts have for it."""


@dataclass(frozen=True)
class Promise:
    """What a name says. `expected` None: anything but a program.

    `accepted` is what programs and people honestly put under such a name. `signed`: every such file begins
    with bytes that are known, so that others, and mere text, are something else.
    """

    expected: Content | None
    accepted: frozenset[Content]
    signed: bool = False


# Films and sounds share their containers; offices and books are archives inside, and encrypted ones are not.
_GROUPS: tuple[tuple[Content | None, set[Content], str, str], ...] = (
    # expected, accepted, endings that are signed, and those that are not
    ("pdf", {"pdf"}, "pdf", ""),
    ("archive", {"archive", "office"}, "zip 7z rar gz tgz bz2 tbz2 xz txz", "tar zst tzst lz lz4 lzma z"),
    ("archive", {"archive", "office"}, "apk jar", "cab iso lha lzh arj cbz cbr cb7 cbt 3mf kmz sketch"),
    ("office", {"office", "archive"}, "docx xlsx pptx epub odt ods odp", "docm dotx xlsm xlsb xltx pptm"),
    ("office", {"office", "archive"}, "", "potx ppsx odg ott ots otp pages numbers vsdx xps oxps one mpp"),
    # Under these names programs save web pages, tables in text, and RTF.
    ("office", {"office", "archive", "text"}, "", "doc dot xls xlt ppt pps pot rtf mht wps pub vsd"),
    ("office", {"office", "archive", "text"}, "", "mobi azw3 fb2"),
    ("film", {"film", "sound"}, "mp4 m4v mov mkv webm", "avi mpg mpeg m2v mpe vob m2ts mts ogv wmv asf"),
    ("film", {"film", "sound"}, "", "flv f4v 3gp 3g2 mxf qt divx dv rm rmvb"),
    ("sound", {"sound", "film"}, "flac ogg oga opus wav aiff aif m4a m4b", "mp3 mp2 aac ac3 eac3 dts amr"),
    ("sound", {"sound", "film"}, "", "wma au snd caf ape wv tta mpc dsf dff w64 rf64 bwf mka aax mid midi"),
    ("picture", {"picture"}, "jpg jpeg png webp bmp tif tiff", "jpe jfif psd psb jp2 j2k jxl ico tga dds"),
    ("picture", {"picture"}, "", "exr hdr ppm pgm pbm pcx cr2 nef nrw arw srf dng orf rw2 raf pef srw raw"),
    # Moving ones, and stills in the container of films.
    ("picture", {"picture", "film"}, "gif", "heic heif hif avif cr3"),
    (None, set(), "", "txt md markdown csv tsv json srt vtt ass log ini yaml yml toml tex ipynb eps ps ai"),
    (None, set(), "", "svg ttf otf woff woff2 stl obj glb gltf fbx blend xmp lrtemplate cube 3dl sqlite db"),
    (None, set(), "", "ics vcf xcf djvu html htm xml"),
)


def _promises() -> Iterator[tuple[str, Promise]]:
    for expected, accepted, signed, unsigned in _GROUPS:
        for ending in signed.split():
            yield ending, Promise(expected, frozenset(accepted), signed=True)
        for ending in unsigned.split():
            yield ending, Promise(expected, frozenset(accepted))


PROMISES = dict(_promises())
"""By ending, in lower case without its dot. One that is not here promises nothing."""
OFFICE_ARCHIVES = frozenset(["docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "potx", "ppsx"])
"""Which are archives inside unless a password protects them (MS-OFFCRYPTO 1.3)."""
PROGRAMS = (".exe", ".scr", ".bat", ".cmd", ".com", ".msi", ".vbs", ".ps1", ".lnk", ".dll", ".apk", ".jar")
"""Names of what runs on a buyer's machine: staff look at it first."""


def ending_of(name: str) -> str:
    """The ending of a name in lower case, without its dot; empty where it has none."""
    _, dot, ending = name.strip().rpartition(".")
    return ending.lower() if dot else ""
