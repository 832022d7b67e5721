"""For whoever watches the process: does it live, can it serve."""

import asyncio
from functools import cache
from importlib.resources import files

from litestar import Controller, Response, get
from litestar.openapi.datastructures import ResponseSpec
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.context import AppContext, SharedShop
from schemas.answers import Readiness, ServiceState

DEADLINE = 3.0  # seconds
UNREADY = ResponseSpec(Readiness, generate_examples=False, description="A part does not answer")


class HealthController(Controller):
    """`/healthz` asks nobody; `/readyz` asks the database and Redis."""

    tags = ("health",)

    @get("/healthz")
    async def lives(self) -> ServiceState:
        """The process lives (D31)."""
        return ServiceState("ok")

    @get("/readyz", responses={503: UNREADY})
    async def ready(self, shop: SharedShop) -> Response[Readiness]:
        """200 when every part answers, else 503 saying which part does not."""
        (database, migrations), redis = await asyncio.gather(_database(shop), _redis(shop))
        parts = {"database": database, "migrations": migrations, "redis": redis}
        ready = all(state == "ok" for state in parts.values())
        return Response(Readiness(ready, parts), status_code=200 if ready else 503)


@cache
def expected_revision() -> str:
    """The newest migration of this code: their files are numbered. (Alembic itself would cost 8 MiB.)"""
    names = (entry.name for entry in files("core.migrations").joinpath("versions").iterdir())
    return max(name for name in names if name.endswith(".py") and name[0].isdigit()).partition("_")[0]


async def _database(shop: AppContext) -> tuple[str, str]:
    try:
        async with asyncio.timeout(DEADLINE):
            present = await shop.run(_present_revision)
    except (TimeoutError, SQLAlchemyError) as error:
        return f"does not answer ({type(error).__name__})", "unknown"
    expected = expected_revision()
    if present == expected:
        return "ok", "ok"
    return "ok", f"the database is at {present or 'no revision'}, this code needs {expected}; migrate it"


def _present_revision(session: Session) -> str | None:
    if session.execute(text("SELECT to_regclass('alembic_version')")).scalar_one() is None:
        return None
    return session.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


async def _redis(shop: AppContext) -> str:
    try:
        async with asyncio.timeout(DEADLINE):
            await shop.redis.exists("readiness")
    except (TimeoutError, RedisError) as error:
        return f"does not answer ({type(error).__name__})"
    return "ok"
