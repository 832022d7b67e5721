"""From which network a file was downloaded that a card paid

Revision: 0043, after 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.add_column("download", sa.Column("network", sa.String(43), nullable=True))


def downgrade() -> None:
    op.drop_column("download", "network")
