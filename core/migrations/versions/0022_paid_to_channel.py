"""Until when people have paid a channel itself

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("roster", sa.Column("paid_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("plan_channel", "subscription_link")


def downgrade() -> None:
    op.add_column("plan_channel", sa.Column("subscription_link", sa.Text(), nullable=True))
    op.drop_column("roster", "paid_until")
