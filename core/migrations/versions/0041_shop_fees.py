"""The monthly fee of a shop, and the months that were paid

Revision: 0041, after 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "shop_fee",
        sa.Column("seller_id", sa.BigInteger(), sa.ForeignKey("seller.id"), primary_key=True),
        sa.Column("product_id", sa.BigInteger(), sa.ForeignKey("product.id"), nullable=False, unique=True),
        sa.Column("paid_until", MOMENT, nullable=False),
        sa.Column("anchor_day", sa.Integer(), nullable=False),
        sa.Column("days_lacked", sa.Integer(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=True),
        sa.Column("suspended_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_table(
        "shop_fee_month",
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("purchase.id"), primary_key=True),
        sa.Column("seller_id", sa.BigInteger(), sa.ForeignKey("seller.id"), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
    )
    op.create_index("ix_shop_fee_month_seller_id", "shop_fee_month", ["seller_id"])


def downgrade() -> None:
    op.drop_table("shop_fee_month")
    op.drop_table("shop_fee")
