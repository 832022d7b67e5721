"""`comptoir preview`: make the preview of a file of the shop, of this machine, or of an address."""

from pathlib import Path
from typing import Annotated

import typer

from scripts.terminal.console import CommandError, Var, show_done, show_fields, show_json

app = typer.Typer(add_completion=False, no_args_is_help=True)
What = Annotated[str, typer.Argument(help="Id of a file of the shop, path of a file or folder, or address")]


@app.command()
def preview(
    what: What = "",
    report: Annotated[bool, typer.Option("--report", "--json", help="Print JSON")] = False,
    out: Annotated[
        Path | None, typer.Option("--pictures", "--out", help="Folder to write the pictures to")
    ] = None,
    poster_only: Annotated[bool, typer.Option(help="Stop after the first picture")] = False,
    watermark: Annotated[str, typer.Option(help="Text on the pictures")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Have workers remake all previews")] = False,
    failed: Annotated[bool, typer.Option(help="Have workers remake failed and missing ones")] = False,
    older_than: Annotated[
        int | None, typer.Option(min=0, help="Have workers remake those made more than so many days ago")
    ] = None,
    var: Var = None,
) -> None:
    """Make a preview, and say what it took; that of a file of the shop is stored again."""
    many = everything or failed or older_than is not None
    if many == bool(what):
        raise CommandError("Name one file, or which previews to remake: --all, --failed, --older-than DAYS.")
    if many:
        _remake_many(failed, older_than, report, var)
    else:
        _make_one(what, report, out, poster_only, watermark, var)


def _remake_many(failed: bool, older_than: int | None, as_json: bool, var: Path | None) -> None:
    from scripts.product.remake_previews import remake_many

    count = remake_many(var, failed=failed, older_than=older_than)
    show_done(f"{count} previews are made again by the workers.", {"previews": count}, as_json)


def _make_one(
    what: str, as_json: bool, out: Path | None, poster_only: bool, watermark: str, var: Path | None
) -> None:
    from scripts.product.remake_previews import make_one, report_of

    reports = []
    folder = Path(what) if Path(what).is_dir() else None
    for path in _files_in(folder) if folder else [what]:
        preview, keys = make_one(str(path), poster_only=poster_only, watermark=watermark, var=var)
        name = str(Path(path).relative_to(folder)) if folder else ""
        if out:
            _write(out / name, preview.pictures)
        reports.append(({"file": name} if folder else {}) | report_of(preview) | {"keys": keys})
    if as_json:
        show_json(reports if folder else reports[0])
        return
    for fields in reports:
        show_fields({name: str(value)[:300] for name, value in fields.items()}, False)


def _files_in(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        raise CommandError(f"{folder} holds no file. Name a file, or a folder with files.")
    return files


def _write(folder: Path, pictures: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in pictures.items():
        (folder / name).write_bytes(content)
