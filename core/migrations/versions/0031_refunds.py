"""Refunds that a provider does in its own time; whose account an event is of, and of which mode

Revision: 0031, after 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "refund",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("payment_id", sa.Uuid(), sa.ForeignKey("payment.id"), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True, unique=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_refund_payment_id", "refund", ["payment_id"])
    op.add_column("payment_event", sa.Column("account", sa.Text(), nullable=True))
    op.add_column("payment_event", sa.Column("livemode", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("payment_event", "livemode")
    op.drop_column("payment_event", "account")
    op.drop_table("refund")
