"""Revocable links: issued under a job's identity, checked and counted at each click."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from core.jobs.single_statement import Rows, Statement
from core.kit.errors import NotFound, Refused
from core.kit.rows import must_get
from core.kit.tokens import derived_token, token_hash
from schemas.access import DownloadLink, Grant
from schemas.catalogue import Asset

# A replaced file stays where an earlier link says. The last column: this client's download may go on.
OPEN = """
    SELECT link.id, link.max_downloads, link.downloads, link.expires_at,
           link.revoked_at IS NOT NULL OR access_grant.revoked_at IS NOT NULL,
           asset.id, asset.name, asset.size, asset.content_type,
           access_grant.order_id, access_grant.buyer_id,
           EXISTS (SELECT FROM download WHERE link_id = link.id AND client = CAST(%(client)s AS varchar)
                   AND minute >= %(since)s AND continued < %(most)s)
    FROM download_link link
    JOIN access_grant ON access_grant.id = link.grant_id
    JOIN asset ON asset.id = link.asset_id
    WHERE link.token_hash = %(token_hash)s AND asset.status IN ('accepted', 'retired')
"""

CONTINUED_FOR = timedelta(hours=12)  # since the click that counted; a slow line takes long for a large file
RESTARTED_FOR = timedelta(minutes=10)  # the same from the beginning of the file, or next to it
CONTINUATIONS = 30  # of one download that was counted; browsers and managers come back for parts
NEXT_TO_THE_BEGINNING = 100  # a hundredth of the file: to go on from there is to have the whole again

# The lock makes clicks on one link take turns; whoever waited sees what was left by the one before.
COUNT = """
    WITH link AS (
        SELECT id, grant_id, max_downloads = 0 OR downloads < max_downloads AS has_left FROM download_link
        WHERE id = %(link_id)s
        FOR UPDATE
    ), continued AS (
        UPDATE download SET continued = continued + 1
        WHERE CAST(%(since)s AS timestamptz) IS NOT NULL AND continued < %(most)s AND id = (
            SELECT max(download.id) FROM download JOIN link ON link.id = download.link_id
            WHERE download.client = CAST(%(client)s AS varchar) AND download.minute >= %(since)s
        )
        RETURNING link_id
    ), counted AS (
        INSERT INTO download (link_id, client, minute, network)
        SELECT id, CAST(%(client)s AS varchar), CAST(%(minute)s AS timestamptz),
               (SELECT CAST(%(network)s AS varchar) FROM access_grant
                JOIN purchase ON purchase.id = access_grant.order_id
                WHERE access_grant.id = link.grant_id AND purchase.rail = 'card')
        FROM link
        WHERE has_left AND NOT EXISTS (SELECT FROM continued)
        ON CONFLICT (link_id, client, minute) DO NOTHING
        RETURNING link_id
    ), taken AS (
        UPDATE download_link SET downloads = downloads + 1 FROM counted WHERE id = counted.link_id
    )
    SELECT (SELECT has_left FROM link) OR EXISTS (SELECT FROM continued), (SELECT count(*) FROM counted)
"""

# Does not wait for the disk: the job that sends the links is done in a later commit, which writes these out
# before it. If the database crashes in between, the job runs again and issues the same links.
ISSUE = """
    WITH soon AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO download_link (id, grant_id, asset_id, token_hash, max_downloads, downloads,
                               created_at, expires_at)
    SELECT wanted.id, access_grant.id, wanted.asset_id, wanted.token_hash, %(max_downloads)s, 0,
           %(now)s, %(expires_at)s
    FROM soon, access_grant, unnest(CAST(%(ids)s AS uuid[]), CAST(%(asset_ids)s AS uuid[]),
                                    CAST(%(token_hashes)s AS bytea[])) AS wanted (id, asset_id, token_hash)
    WHERE access_grant.id = %(grant_id)s AND access_grant.revoked_at IS NULL
    ON CONFLICT (id) DO UPDATE SET expires_at = greatest(download_link.expires_at, excluded.expires_at)
    RETURNING id
"""


@dataclass(frozen=True)
class OpenLink:
    """A link that may be used now, with everything a click needs; `size` in bytes."""

    link_id: UUID
    max_downloads: int
    downloads: int
    asset_id: UUID
    name: str
    size: int
    content_type: str
    order_id: int
    buyer_id: int


def issue_link(
    session: Session,
    *,
    grant_id: int,
    asset_id: UUID,
    identity: UUID,
    secret: str,
    ttl: int,
    max_downloads: int,
    now: datetime,
) -> tuple[DownloadLink, str]:
    """The link of one file of a grant for one job, and its token; `ttl` in seconds.

    The same job gets the same link and token at every attempt, good for `ttl` from the latest one.
    Raises `NotFound`: grant or file unknown, or not of one product; `Refused`: the grant has ended.
    """
    grant = must_get(session, Grant, grant_id, "grant-unknown", lock=True)
    asset = must_get(session, Asset, asset_id, "file-unknown")
    if asset.product_id != grant.product_id:
        raise NotFound("file-unknown")
    if grant.revoked_at is not None:
        raise Refused("grant-revoked")
    link_id, token = _derive(identity, asset_id, secret)
    statement = insert(DownloadLink).values(
        id=link_id,
        grant_id=grant_id,
        asset_id=asset_id,
        token_hash=token_hash(token),
        max_downloads=max_downloads,
        downloads=0,
        created_at=now,
        expires_at=now + timedelta(seconds=ttl),
    )
    statement = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={"expires_at": func.greatest(col(DownloadLink.expires_at), statement.excluded.expires_at)},
    )
    links = session.scalars(statement.returning(DownloadLink), execution_options={"populate_existing": True})
    return links.one(), token


def issue_links(
    grant_id: int,
    asset_ids: Sequence[UUID],
    *,
    identity: UUID,
    secret: str,
    ttl: int,
    max_downloads: int,
    now: datetime,
) -> Statement[list[str]]:
    """As `issue_link`, for a job that sends the links of several files of a grant's product: their tokens.

    Raises `Refused`: the grant has ended.
    """
    derived = [_derive(identity, asset_id, secret) for asset_id in asset_ids]
    tokens = [token for _, token in derived]

    def read(rows: Rows) -> list[str]:
        if not rows:
            raise Refused("grant-revoked")
        return tokens

    parameters = {
        "ids": [link_id for link_id, _ in derived],
        "asset_ids": list(asset_ids),
        "token_hashes": [token_hash(token) for token in tokens],
        "grant_id": grant_id,
        "max_downloads": max_downloads,
        "now": now,
        "expires_at": now + timedelta(seconds=ttl),
    }
    return Statement(ISSUE, parameters, read)


def open_link(token: str, *, now: datetime, resumed_by: str | None = None) -> Statement[OpenLink]:
    """The link of a token, if it may be used now.

    `resumed_by` is the client of a request that continues a transfer: it was counted when it began, and may
    go on for 12 hours and 30 times.
    Raises `NotFound` "link-unknown"; `Refused` "link-revoked", "link-expired", "link-used-up".
    """

    def read(rows: Rows) -> OpenLink:
        if not rows:
            raise NotFound("link-unknown")
        link_id, most, downloads, expires_at, revoked, *file_and_buyer, counted = rows[0]
        if revoked:
            raise Refused("link-revoked")
        if expires_at <= now:
            raise Refused("link-expired")
        if 0 < most <= downloads and not counted:
            raise Refused("link-used-up")
        return OpenLink(link_id, most, downloads, *file_and_buyer)

    parameters = {
        "token_hash": token_hash(token),
        "client": resumed_by,
        "since": now - CONTINUED_FOR,
        "most": CONTINUATIONS,
    }
    return Statement(OPEN, parameters, read)


def count_click(
    link_id: UUID, *, client: str, network: str = "", now: datetime, first_byte: int = 0, size: int = 0
) -> Statement[bool]:
    """Count a download, once for each client (a digest) and minute; whether it was counted.

    `network`: the truncated address that it comes from, empty where it has none. It stays where a card paid.

    One that goes on at `first_byte` of a file of `size` bytes is none of its own where its client was counted
    lately and has not come back too often. Raises `Refused` "link-used-up": none is left.
    """
    parameters = {
        "link_id": link_id,
        "client": client,
        "network": network or None,
        "minute": now.replace(second=0, microsecond=0),
        "since": _continues_since(now, first_byte, size),
        "most": CONTINUATIONS,
    }
    return Statement(COUNT, parameters, _counted)


def _continues_since(now: datetime, first_byte: int, size: int) -> datetime | None:
    """Since when the download that goes on must have been counted; None: it begins."""
    if first_byte == 0:
        return None
    near = first_byte <= max(1, size // NEXT_TO_THE_BEGINNING)
    return now - (RESTARTED_FOR if near else CONTINUED_FOR)


def _counted(rows: Rows) -> bool:
    ((allowed, counted),) = rows
    if not allowed:
        raise Refused("link-used-up")
    return bool(counted)


def _derive(identity: UUID, asset_id: UUID, secret: str) -> tuple[UUID, str]:
    """The id and the token of a file's link for one job, the same at every attempt."""
    link_id = uuid5(identity, str(asset_id))
    return link_id, derived_token(secret, str(link_id))
