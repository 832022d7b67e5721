"""The operator's own shop, on whose Stripe account listing fees are paid

Revision: 0040, after 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.add_column(
        "stripe_platform",
        sa.Column("operator_id", sa.BigInteger(), sa.ForeignKey("seller.id"), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("stripe_platform", "operator_id")
