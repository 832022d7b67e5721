"""How much of an order's price a lost dispute gave back

Revision: 0044, after 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("dispute", sa.Column("credited", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("dispute", "credited")
