"""The name of this shop at Stripe, and whether its workers have a key

Revision: 0034, after 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "stripe_platform",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("mode", sa.Text(), nullable=False),
    )
    op.execute(
        "INSERT INTO stripe_platform (name, mode) VALUES (replace(gen_random_uuid()::text, '-', ''), 'off')"
    )


def downgrade() -> None:
    op.drop_table("stripe_platform")
