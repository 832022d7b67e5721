"""Codes by which sellers connect channels

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "channel_code",
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_channel_code_seller_id_seller")),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("pk_channel_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_channel_code_code_hash")),
    )


def downgrade() -> None:
    op.drop_table("channel_code")
