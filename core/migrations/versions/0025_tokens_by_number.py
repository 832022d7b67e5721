"""Who acted by an access token is that token's number, as in the audit log, and no name that people gave it

Where no token, or more than one, may have had the name just then, it is `token:unknown`.

Revision: 0025, after 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"

PLACES = (
    ("queue_act", "actor", "begun_at"),
    ("queue_pause", "paused_by", "paused_at"),
    ("blocked_file", "added_by", "created_at"),
)
NUMBER = "^token:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def upgrade() -> None:
    for table, column, moment in PLACES:
        op.execute(
            f"""
            UPDATE {table} SET {column} = 'token:' || coalesce((
                SELECT min(CAST(id AS text)) FROM access_token
                WHERE name = substr({column}, 7) AND created_at <= {moment}
                    AND coalesce(least(expires_at, revoked_at), 'infinity') >= {moment}
                HAVING count(*) = 1
            ), 'unknown')
            WHERE {column} LIKE 'token:%' AND {column} !~ '{NUMBER}' AND {column} <> 'token:unknown'
            """  # noqa: S608 - of the constants above
        )


def downgrade() -> None:
    """Nothing: the code of before shows this text whatever it is, and names do not come back."""
