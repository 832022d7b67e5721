"""The roles of the database: one owns the tables, one works with them, one seals the audit log.

| Role | Setting | What it may do |
|---|---|---|
| owner | OWNER_DATABASE_URL | migrations and restores: it owns every table |
| application | DATABASE_URL | read and write rows; of the audit log read and add, nothing else |
| audit | AUDIT_DATABASE_URL | seal the audit log, and prune what is older than it is kept |

Sealing must write place and digest into entries, and pruning must delete some. Both belong to one role that
only workers and the operator's commands have: what the API and the bot could be made to run can then neither
change nor remove an entry. A third role for pruning alone would protect from nobody, since the same process
does both; and what that role rewrites is found by the head that is kept outside (`core.audit.head`).

Where all three addresses name one role, it has every right, as it had before there were roles.
"""

from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from core.kit.connections import CONNECT
from core.kit.errors import ComptoirError
from core.process.settings import Settings

ENTRY = "actor, action, subject, correlation_id, details, created_at"
"""What whoever adds an entry says; its number, its place and its digest are given to it."""
ROWS = "SELECT, INSERT, UPDATE, DELETE"
TO_APPLICATION = (
    f"GRANT {ROWS} ON ALL TABLES IN SCHEMA public TO {{role}}",
    "REVOKE ALL ON audit_entry, audit_seal, alembic_version FROM {role}",
    f"GRANT SELECT, INSERT ({ENTRY}) ON audit_entry TO {{role}}",
    "GRANT SELECT ON audit_seal, alembic_version TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
)
TO_AUDIT = (
    f"GRANT SELECT, INSERT ({ENTRY}), DELETE, UPDATE (place, digest) ON audit_entry TO {{role}}",
    f"GRANT {ROWS} ON audit_seal TO {{role}}",
    "GRANT USAGE, SELECT ON SEQUENCE audit_entry_id_seq TO {role}",
)
TO_BOTH = (
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
)
TO_NOBODY = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
)
# A server starts once in a microsecond, and gives each of its databases a number.
IDENTITY = "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
WEAK = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


class RolesError(ComptoirError):
    """A role is missing and could not be made; the message says which statement makes it."""


def owner_of(settings: Settings) -> str:
    """The address by which migrations run, past a pooler where one is known: the owner's, or the direct one.

    The application's own where these are of another database, so a restore that is tried with another
    DATABASE_URL cannot reach the shop's own.
    """
    return _of_same_database(settings, settings.owner_database_url, settings.direct_database_url)


def audit_of(settings: Settings) -> str:
    """The address by which the audit log is sealed and pruned."""
    return _of_same_database(settings, settings.audit_database_url)


def direct_of(settings: Settings) -> str:
    """The application's address without the pooler that may stand at DATABASE_URL.

    Raises `RolesError` where it is of another database.
    """
    direct = settings.direct_database_url
    if not direct:
        return settings.database_url
    if not _is_same_database(direct, settings.database_url):
        raise RolesError(
            "DIRECT_DATABASE_URL leads to another database than DATABASE_URL. Let both name the same one: "
            "the first PostgreSQL itself, the second the pooler before it."
        )
    return direct


def grant(owner: str, application: str, audit: str) -> None:
    """Make the roles of the last two addresses where they lack, and give each what it needs and no more.

    All by the role of the first, after every migration. Does nothing where all are one role. Raises
    `RolesError`.
    """
    to_application, to_audit = _role(application), _role(audit)
    with psycopg.connect(_plain(owner)) as connection:
        itself = connection.info.user
        for name, password in (to_application, to_audit):
            if name != itself:
                _make(connection, name, password)
                _run(connection, TO_BOTH, name)
        if to_application[0] != itself:
            _run(connection, TO_APPLICATION, to_application[0])
            _run(connection, TO_NOBODY, to_application[0])
        if to_audit[0] != itself:
            _run(connection, TO_AUDIT, to_audit[0])


def _of_same_database(settings: Settings, *addresses: str) -> str:
    """The first that is set and of the application's database; the application's address where none is."""
    application, direct = settings.database_url, settings.direct_database_url
    for address in filter(None, addresses):
        if _place(address) == _place(application):
            return address
        if direct and _place(address) == _place(direct) and _is_same_database(direct, application):
            return address
    return application


def _is_same_database(*urls: str) -> bool:
    """Whether they lead to one database of one server, which each is asked for."""
    answers = set()
    for url in urls:
        with psycopg.connect(_plain(url), connect_timeout=CONNECT) as connection:
            answers.add(connection.execute(IDENTITY).fetchone())
    return len(answers) == 1


def _place(url: str) -> tuple[str, ...]:
    parts = conninfo_to_dict(_plain(url))
    return tuple(str(parts.get(name) or "") for name in ("host", "port", "dbname"))


def _role(url: str) -> tuple[str, str]:
    """Name and password in an address."""
    parts = conninfo_to_dict(_plain(url))
    return str(parts.get("user") or ""), str(parts.get("password") or "")


def _make(connection: "psycopg.Connection[Any]", name: str, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if exists:
        return  # its password and its rights beyond ours are the operator's
    with_password = sql.SQL(" PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("")
    statement = sql.SQL("CREATE ROLE {} " + WEAK).format(sql.Identifier(name)) + with_password
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.errors.DuplicateObject:
        return  # somebody else has just made it
    except psycopg.errors.InsufficientPrivilege:
        raise RolesError(
            f"The role {name} does not exist, and the role of the migrations may not make it. Let somebody "
            f"who may run: CREATE ROLE {name} {WEAK} PASSWORD '…'; then run comptoir migrate again."
        ) from None


def _run(connection: "psycopg.Connection[Any]", statements: tuple[str, ...], role: str) -> None:
    database = sql.Identifier(connection.info.dbname)
    for statement in statements:
        connection.execute(sql.SQL(statement).format(role=sql.Identifier(role), database=database))


def _plain(url: str) -> str:
    """The address as libpq reads it: without the name of SQLAlchemy's driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
