"""Previews of a sound file of every format and of thousands of damaged copies, by the sealed children."""

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.bench.corpus_likeness import likeness, ordinary
from scripts.bench.corpus_mutations import mutations
from scripts.bench.corpus_page import Shown, write_page
from scripts.bench.corpus_seeds import SEEDS
from scripts.bench.corpus_shares import MOST, shares
from scripts.bench.report import Report
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.source import FileSource

PREVIEWS = 2000
A_SEED = 40
AT_ONCE = 2
LIKE = 0.97  # structural similarity
SECONDS = 5.0
MEMORY = 256  # MiB
HEAVY_SECONDS: dict[str, float] = {}
"""Formats that may take longer, by the name of their seed: the seconds of their deadline."""
HEAVY_MEMORY = {"camera.png": 300}
"""Formats that may fill more, by the name of their seed: MiB."""
UNNAMED = re.compile(r"\b[A-Za-z_.]+(Error|Exception|Warning)\b|Traceback|<[a-z_]+\.|\.py\b|/(tmp|usr|home)/")
"""What no reader should find in a reason: names of Python's errors, objects, and paths of the server."""


@dataclass
class Findings:
    """What went wrong, a line each: the file, and what was seen."""

    crashed: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    large: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    unmade: list[str] = field(default_factory=list)

    def judge(self, seed: str, name: str, preview: Preview) -> None:
        """Note what no preview may do, whatever its file is."""
        which, cost = f"{seed}/{name}", preview.cost
        if preview.outcome in ("crashed", "unsafe"):
            self.crashed.append(f"{which}: {preview.reason}")
        if UNNAMED.search(preview.reason):
            self.unnamed.append(f"{which}: {preview.reason[:200]}")
        if cost.seconds > HEAVY_SECONDS.get(seed, SECONDS):
            self.late.append(f"{which}: {cost.seconds:.1f} s")
        if cost.peak_rss > HEAVY_MEMORY.get(seed, MEMORY) << 20:
            self.large.append(f"{which}: {cost.peak_rss >> 20} MiB")


def measure(
    folder: Path | None = None, count: int = PREVIEWS, only: list[str] | None = None, seed: int = 1
) -> Report:
    """Make at least `count` previews of damaged files, 40 of each format at least, and one of each sound one.

    Of each sound file also how much its preview shows. `only` these formats, by the names of their seeds. The
    page with all pictures is `folder`/corpus.html.
    """
    seeds = {name: SEEDS[name] for name in only or SEEDS}
    each = -(-count // len(seeds)) if only or count < PREVIEWS else max(A_SEED, -(-count // len(seeds)))
    folder = folder or Path(tempfile.mkdtemp(prefix="comptoir-corpus-"))
    folder.mkdir(parents=True, exist_ok=True)
    findings, comparisons, preview_count, largest = Findings(), [], 0, Counter[str]()
    shown: dict[str, tuple[float, str]] = {}
    with _own_temporary_folder():
        for name, maker in seeds.items():
            path = folder / name
            maker.make(path)
            previews = _look(path, each, seed, findings)
            comparisons.append(_compare(path, previews, findings))
            preview_count += len(previews)
            largest[name] = max(preview.cost.peak_rss >> 20 for preview in previews.values())
            for what, share in shares(path, _preview(path, own=False)):
                shown[what] = max(shown.get(what, (0.0, "")), (share, name))
    write_page(folder / "corpus.html", comparisons, LIKE)
    report = _report(findings, comparisons, preview_count, largest, folder)
    for what, (share, name) in shown.items():
        report.at_most(f"largest share shown: {what} ({name})", MOST[what] * 100, round(share * 100, 3), "%")
    return report


@contextmanager
def _own_temporary_folder() -> Iterator[None]:
    """Temporary files go where nobody else's are, so that those left behind are known."""
    usual = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="comptoir-corpus-") as name:
        tempfile.tempdir = name
        try:
            yield
        finally:
            tempfile.tempdir = usual


def _look(path: Path, count: int, seed: int, findings: Findings) -> dict[str, Preview]:
    """Previews of a sound file and its damaged copies, and what they leave behind."""
    previews: dict[str, Preview] = {}
    with tempfile.TemporaryDirectory(prefix="corpus-") as name, ThreadPoolExecutor(AT_ONCE) as pool:
        scratch = Path(name)
        copies = [("sound", path)]
        for copy, content in mutations(path.read_bytes(), count, seed):
            copies.append((copy, scratch / f"{copy}{path.suffix}"))
            copies[-1][1].write_bytes(content)
        previews["sound"] = _preview(path)  # the first opens what the process keeps
        before = leftovers()
        for (copy, _), preview in zip(
            copies[1:], pool.map(_preview, [file for _, file in copies[1:]]), strict=True
        ):
            previews[copy] = preview
        if more := leftovers() - before:
            findings.left.append(f"{path.name}: {', '.join(sorted(more))}")
    for copy, preview in previews.items():
        findings.judge(path.name, copy, preview)
    return previews


def _preview(path: Path, *, own: bool = True) -> Preview:
    return make_preview(FileSource(path), Wish(ffmpeg=find_ffmpeg(), own=own))


def leftovers() -> Counter[str]:
    """What previews could leave behind: open files without a name, temporary files, child processes."""
    links = [Path(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
    nameless = [os.readlink(link) for link in links if link.is_symlink()]
    left = Counter(f"open {name}" for name in nameless if "deleted" in name or name.startswith("socket:"))
    left.update(f"file {name}" for name in os.listdir(tempfile.gettempdir()))
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    left.update(f"child {number}" for number in children.read_text().split())
    return left


def _compare(path: Path, previews: dict[str, Preview], findings: Findings) -> Shown:
    preview = previews["sound"]
    if preview.outcome != "made":
        findings.unmade.append(f"{path.name}: {preview.outcome}: {preview.reason}")
    damaged = Counter[str](preview.outcome for name, preview in previews.items() if name != "sound")
    reference, alike = path.with_name(f"{path.name}.ordinary.png"), None
    poster = preview.pictures.get("poster.jpg")
    if poster is None or not ordinary(path, preview, reference):
        return Shown(path.name, preview, None, None, dict(damaged))
    with tempfile.TemporaryDirectory(prefix="corpus-") as scratch:
        alike = likeness(poster, reference, Path(scratch))
    if alike < LIKE:
        findings.unlike.append(f"{path.name}: {alike:.3f}")
    return Shown(path.name, preview, reference, alike, dict(damaged))


def _report(
    findings: Findings, comparisons: list[Shown], preview_count: int, largest: Counter[str], folder: Path
) -> Report:
    report = Report("corpus")
    promises = {
        "crashed workers": findings.crashed,
        "errors without a name of ours": findings.unnamed,
        f"over {SECONDS:g} s, or the deadline of a heavy one": findings.late,
        f"over {MEMORY} MiB, or the bound of a heavy one": findings.large,
        "left behind": findings.left,
        f"pictures less than {LIKE} like an ordinary tool's": findings.unlike,
        "sound files without a preview": findings.unmade,
    }
    for what, faults in promises.items():
        report.equal(what, 0, len(faults))
    outcomes = Counter[str]()
    for each in comparisons:
        outcomes.update(each.damaged)
    report.facts |= {
        "previews": preview_count,
        "formats": len(comparisons),
        "compared": sum(each.likeness is not None for each in comparisons),
        "outcomes of damaged files": dict(outcomes),
        "largest child in MiB": dict(largest.most_common(8)),
        "heavy": {"seconds": HEAVY_SECONDS, "MiB": HEAVY_MEMORY},
        "faults": {what: faults[:50] for what, faults in promises.items() if faults},
        "page": str(folder / "corpus.html"),
    }
    return report
