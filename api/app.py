"""The Litestar application: routes, shared context, error answers. No work is done here, only asked for."""

from pathlib import Path

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, ControllerRouterHandler
from redis.asyncio import Redis

from api.context import AppContext
from api.controllers.access import AccessController
from api.controllers.buyer import BuyerController
from api.controllers.cards import CardController, StripeController
from api.controllers.checkout import OrderController, ProductController
from api.controllers.download import DownloadController
from api.controllers.figures import FiguresController, PeopleController
from api.controllers.health import HealthController
from api.controllers.legal import LegalController
from api.controllers.mail import MailController
from api.controllers.members import MemberController
from api.controllers.memberships import MembershipController
from api.controllers.metrics import show_metrics
from api.controllers.month_statements import StatementController, download_statement
from api.controllers.notifications import NotificationController
from api.controllers.order_questions import OrderQuestionController
from api.controllers.order_returns import ReturnController
from api.controllers.papers import show_evidence, show_paper
from api.controllers.pending_payments import PendingPaymentController
from api.controllers.pictures import show_picture, show_preview, show_teaser
from api.controllers.products import SellerController
from api.controllers.proxy_check import show_what_came
from api.controllers.sales import DisputeController, SaleController
from api.controllers.session import SessionController
from api.controllers.shop_fee import ShopFeeController
from api.controllers.staff_orders import StaffOrderController
from api.controllers.staff_payments import StaffPaymentController
from api.controllers.staff_sellers import StaffSellerController
from api.controllers.uploads import UploadController
from api.controllers.waiver import WaiverController
from api.controllers.webhooks import WebhookController
from api.documentation import describe
from api.door import Door, JsonRequest, require_one_spelling
from api.envelope import Envelope
from api.limits import Limiting
from api.miniapp import BUILT, content_policy, serve_mini_app
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
    WaiverController,
    LegalController,
    ShopFeeController,
    NotificationController,
    MailController,
    ProductController,
    OrderController,
    ReturnController,
    OrderQuestionController,
    StaffPaymentController,
    StaffOrderController,
    StaffSellerController,
    HealthController,
    SessionController,
    UploadController,
    SellerController,
    SaleController,
    DisputeController,
    BuyerController,
    MembershipController,
    MemberController,
    FiguresController,
    PeopleController,
    CardController,
    StripeController,
    StatementController,
    download_statement,
    show_metrics,
    show_what_came,
    show_paper,
    show_evidence,
    show_picture,
    show_preview,
    show_teaser,
)
"""What is the same in every shop."""


class Routes(Litestar):
    """Litestar without its plugins for Pydantic and attrs, of which no handler takes a model: 2 MiB."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def create_app(settings: Settings, database: Database, redis: Redis) -> Litestar:
    """The application on these parts, which stay the caller's to close.

    Raises `SettingError` when the rail policy is wrong.
    """
    app = route(settings.shop_name, settings.mini_app_dir or BUILT)
    return with_shop(app, app.asgi_handler, AppContext(settings, database, redis))


def route(shop_name: str, mini_app: Path) -> Litestar:
    """The routes, with the built Mini App of this folder; each request finds its shop in the application
    that it came to.
    """
    connect()
    return Routes(
        route_handlers=[*ROUTES, _static_files(), *serve_mini_app(mini_app)],
        dependencies={"shop": Provide(_shop_of, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        request_class=JsonRequest,
        guards=[require_one_spelling],
        request_max_body_size=BODY_LIMIT,
        openapi_config=describe(shop_name),
        logging_config=None,
        debug=False,
    )


def with_shop(app: Litestar, handler: ASGIApp, shop: AppContext) -> Litestar:
    """The application with its shop, answering by this handler; it closes the shop when it ends."""
    app.state = State({"shop": shop})
    app.on_shutdown.append(shop.close)
    envelope = Envelope(
        Limiting(Door(Shedding(handler, body_limit=BODY_LIMIT)), shop),
        shop.timings,
        secure=shop.settings.public_url.startswith("https://"),
        app_policy=content_policy(shop.settings.store_origin),
        store_origin=shop.settings.store_origin,
    )
    app.on_shutdown.append(envelope.shed_log.write)
    app.asgi_handler = envelope
    return app


def _shop_of(state: State) -> AppContext:
    shop: AppContext = state.shop
    return shop


def _static_files() -> Router:
    """Style and script of the pages; their addresses change with their content."""
    return create_static_files_router(
        path="/static",
        directories=[STATIC],
        cache_control=CacheControlHeader(public=True, max_age=YEAR, immutable=True),
        include_in_schema=False,
    )
