"""Shops of people who are banned are suspended

Revision: 0013, after 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    # What a ban does from now on, for those that stand.
    op.execute(
        "UPDATE seller SET status = 'suspended' FROM person "
        "WHERE person.id = seller.user_id AND 'banned' = ANY (person.roles) AND seller.status = 'approved'"
    )


def downgrade() -> None:
    # Nothing else suspended a shop.
    op.execute("UPDATE seller SET status = 'approved' WHERE status = 'suspended'")
