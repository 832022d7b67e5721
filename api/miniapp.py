"""The built Mini App under /app: one page that is always fresh, and assets that never change."""

from pathlib import Path

from litestar import Response, get
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from core.kit.errors import Refused

BUILT = Path(__file__).parents[1] / "miniapp" / "dist"
PREFIX = "/app"
YEAR = 31_536_000


def serve_mini_app(folder: Path) -> list[ControllerRouterHandler]:
    """The handlers of /app for what is built in this folder. Before it is built, the page says so."""

    @get([PREFIX, f"{PREFIX}/"], include_in_schema=False, sync_to_thread=True)
    def show_page() -> Response[bytes]:
        """The page; addresses inside it are in its query."""
        try:
            body = (folder / "index.html").read_bytes()
        except OSError:
            raise Refused("mini-app-not-built") from None
        return Response(body, media_type="text/html; charset=utf-8", headers={"cache-control": "no-cache"})

    if not (folder / "assets").is_dir():
        return [show_page]
    assets = create_static_files_router(
        path=f"{PREFIX}/assets",
        directories=[folder / "assets"],
        cache_control=CacheControlHeader(public=True, max_age=YEAR, immutable=True),
        include_in_schema=False,
    )
    return [show_page, assets]


def content_policy(store_origin: str) -> str:
    """Content-Security-Policy of the Mini App: scripts of our own only, bytes to the store.

    Telegram's web client shows it in a frame; previews of local files are blob: addresses.
    """
    store = f" {store_origin}" if store_origin else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src 'self' blob: data:{store}; media-src 'self' blob:{store}; connect-src 'self'{store}; "
        "object-src blob:; frame-src blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors https://web.telegram.org https://*.telegram.org"
    )
