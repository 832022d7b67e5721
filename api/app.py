"""The Litestar application: routes, shared context, error answers. No work is done here, only asked for."""

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler
from redis.asyncio import Redis

from api.context import AppContext
from api.controllers.access import AccessController, PendingPaymentController
from api.controllers.checkout import OrderController, ProductController
from api.controllers.download import DownloadController
from api.controllers.figures import FiguresController, PeopleController
from api.controllers.health import HealthController
from api.controllers.mail import MailController
from api.controllers.members import MemberController, MembershipController
from api.controllers.metrics import show_metrics
from api.controllers.notifications import NotificationController
from api.controllers.session import SessionController
from api.controllers.shop import ShopController, show_picture, show_preview, show_teaser
from api.controllers.staff import StaffController
from api.controllers.uploads import UploadController
from api.controllers.webhooks import WebhookController
from api.documentation import describe
from api.envelope import Envelope
from api.miniapp import content_policy, serve_mini_app
from api.pages import STATIC
from api.problems import HANDLERS
from api.shedding import Shedding
from core.kit.db import Database
from core.process.settings import Settings
from core.wiring import connect

BODY_LIMIT = 65_536  # bytes; file bytes never come here
YEAR = 31_536_000
ROUTES: tuple[ControllerRouterHandler, ...] = (
    DownloadController,
    WebhookController,
    AccessController,
    PendingPaymentController,
    NotificationController,
    MailController,
    ProductController,
    OrderController,
    StaffController,
    HealthController,
    SessionController,
    UploadController,
    ShopController,
    MembershipController,
    MemberController,
    FiguresController,
    PeopleController,
    show_metrics,
    show_picture,
    show_preview,
    show_teaser,
)
"""What is the same in every shop."""


def create_app(settings: Settings, database: Database, redis: Redis) -> Litestar:
    """The application on these parts, which stay the caller's to close.

    Raises `SettingError` when the rail policy is wrong.
    """
    connect()
    shop = AppContext(settings, database, redis)
    app = Litestar(
        route_handlers=[*ROUTES, _static_files(), *serve_mini_app(settings)],
        dependencies={"shop": Provide(lambda: shop, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        request_max_body_size=BODY_LIMIT,
        openapi_config=describe(settings.shop_name),
        state=State({"shop": shop}),
        on_shutdown=[shop.close],
        logging_config=None,
        debug=False,
    )
    app.asgi_handler = Envelope(
        Shedding(app.asgi_handler, body_limit=BODY_LIMIT),
        shop.timings,
        secure=settings.public_url.startswith("https://"),
        app_policy=content_policy(settings.store_origin),
        store_origin=settings.store_origin,
    )
    return app


def _static_files() -> Router:
    """Style and script of the pages; their addresses change with their content."""
    return create_static_files_router(
        path="/static",
        directories=[STATIC],
        cache_control=CacheControlHeader(public=True, max_age=YEAR, immutable=True),
        include_in_schema=False,
    )
