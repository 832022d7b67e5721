"""What a shop says of itself: who sells, and where to reach them

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("seller", sa.Column("about", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("seller", "about")
