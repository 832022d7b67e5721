"""Words of a product that wait for staff, and those that were accepted

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("product", sa.Column("text_held_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("product", sa.Column("text_accepted", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("product", "text_accepted")
    op.drop_column("product", "text_held_at")
