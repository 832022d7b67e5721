"""The waiver of the right of withdrawal, kept with the order: when, and which words

Revision: 0030, after 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("purchase", sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("purchase", sa.Column("waiver", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("purchase", "waiver")
    op.drop_column("purchase", "waived_at")
