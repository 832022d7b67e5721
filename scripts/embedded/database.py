"""Brings a database to what this code needs: tables, rights of the roles, and somebody to look after it."""

from core.kit.db import Database
from core.people.first_admin import appoint_first_admin
from core.process.database_roles import audit_of, grant, owner_of
from core.process.migrate import upgrade
from core.process.settings import Settings
from core.wiring import connect


def prepare_database(settings: Settings) -> None:
    """Migrate, give each role what it needs, and appoint the first admin.

    Raises `OperationalError` where the database cannot be used, `RolesError` where a role is missing.
    """
    owner = owner_of(settings)
    upgrade(owner)
    grant(owner, settings.database_url, audit_of(settings))
    if not settings.first_admin:
        return
    connect()
    database = Database(settings.database_url, pool_size=1, application="comptoir setup")
    try:
        with database.transaction() as session:
            appoint_first_admin(session, settings.first_admin)
    finally:
        database.dispose()
