"""Whether VAT is worked out by Stripe Tax on a seller's sales by card

Revision: 0042, after 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.add_column("stripe_account", sa.Column("tax", sa.Text(), nullable=False, server_default="off"))


def downgrade() -> None:
    op.drop_column("stripe_account", "tax")
