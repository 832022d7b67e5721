"""`comptoir preview`: make the preview of a file of the shop, of this machine, or of an address."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import typer

from core.rows import must_get
from schemas.base import utc_now
from schemas.catalogue import Asset
from scripts.console import CommandError, Var, shop, show_fields
from scripts.context import load_settings
from workers.actors.preview import wish_of
from workers.preview.preview import Preview, Wish, make_preview
from workers.preview.program import find_ffmpeg
from workers.preview.publish import keep, publish
from workers.preview.source import FileSource, HttpSource, Source, make_pool
from workers.store import S3Store

app = typer.Typer(add_completion=False, no_args_is_help=True)
SIGNED = 300  # seconds
What = Annotated[str, typer.Argument(help="Id of a file of the shop, path, or http(s) address")]


@app.command()
def preview(
    what: What,
    report: Annotated[bool, typer.Option("--report", help="Print JSON")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder to write the pictures to")] = None,
    poster_only: Annotated[bool, typer.Option(help="Stop after the first picture")] = False,
    watermark: Annotated[str, typer.Option(help="Text on the pictures")] = "",
    var: Var = None,
) -> None:
    """Make a preview, and say what it took; that of a file of the shop is stored again."""
    wish = Wish("poster" if poster_only else "full", watermark, ffmpeg=find_ffmpeg())
    asset_id = _asset_id(what)
    if asset_id:
        made, keys = _remake(asset_id, wish, var)
    else:
        made, keys = make_preview(_source(what), wish), {}
    if out:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in made.pictures.items():
            (out / name).write_bytes(content)
    fields = report_of(made) | {"keys": keys}
    if report:
        print(json.dumps(fields, ensure_ascii=False))
    else:
        show_fields({name: str(value)[:300] for name, value in fields.items()}, False)


def report_of(made: Preview) -> dict[str, Any]:
    """A preview without its pictures. Bytes, seconds."""
    return {
        "outcome": made.outcome,
        "reason": made.reason,
        "type": made.label,
        "size": made.size,
        **msgspec.to_builtins(made.cost),
        "pictures": {name: len(content) for name, content in made.pictures.items()},
        "description": msgspec.to_builtins(made.description),
    }


def _asset_id(what: str) -> UUID | None:
    try:
        return UUID(what)
    except ValueError:
        return None


def _source(what: str) -> Source:
    if what.startswith(("http://", "https://")):
        return HttpSource(lambda: what, make_pool())
    if not Path(what).is_file():
        raise CommandError(f"{what} is no file here, no http(s) address, and no id of a file of the shop.")
    return FileSource(Path(what))


def _remake(asset_id: UUID, wish: Wish, var: Path | None) -> tuple[Preview, dict[str, str]]:
    settings = load_settings(var)
    usual = wish_of(settings)
    wish = replace(wish, watermark=wish.watermark or usual.watermark, largest=usual.largest)
    with shop(var) as session:
        key = must_get(session, Asset, asset_id, "file-unknown").key
    store = S3Store(settings)
    made = make_preview(HttpSource(lambda: store.sign_read(key, expires=SIGNED), make_pool()), wish)
    keys = publish(store, asset_id, made)
    with shop(var) as session:
        keep(session, asset_id, made, keys, now=utc_now())
    return made, keys
