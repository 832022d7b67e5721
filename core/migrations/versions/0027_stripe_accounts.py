"""The Stripe accounts of sellers, and what the operator takes of their sales by card

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("seller", sa.Column("card_fee_rate", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("seller", sa.Column("card_fee_sums", JSONB(), nullable=False, server_default="{}"))
    op.create_table(
        "stripe_account",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("seller_id", sa.BigInteger(), sa.ForeignKey("seller.id"), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True, unique=True),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("missing", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("ticket_hash", sa.LargeBinary(), nullable=True, unique=True),
        sa.Column("ticket_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disconnected_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_stripe_account_seller_id", "stripe_account", ["seller_id"])
    op.create_index(
        "uq_stripe_account_connected",
        "stripe_account",
        ["seller_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'disconnected'"),
    )


def downgrade() -> None:
    op.drop_table("stripe_account")
    op.drop_column("seller", "card_fee_sums")
    op.drop_column("seller", "card_fee_rate")
