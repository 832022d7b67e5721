"""Free trials that a card is given for

Revision: 0045, after 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "card_trial",
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("purchase.id"), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("order_id", name="pk_card_trial"),
    )


def downgrade() -> None:
    op.drop_table("card_trial")
