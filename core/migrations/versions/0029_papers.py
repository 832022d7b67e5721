"""Invoices, receipts and credit notes, and the legal identity of sellers that stands on them

Revision: 0029, after 0028
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"

MOMENT = sa.DateTime(timezone=True)
IDENTITY = ("legal_name", "legal_address", "vat_number")


def upgrade() -> None:
    for name in IDENTITY:
        op.add_column("seller", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "paper_series",
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_paper_series_seller_id_seller")),
        sa.PrimaryKeyConstraint("seller_id", "kind", name=op.f("pk_paper_series")),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("stored_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_paper_seller_id_seller")),
        sa.ForeignKeyConstraint(["order_id"], ["purchase.id"], name=op.f("fk_paper_order_id_purchase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("order_id", "part", name=op.f("uq_paper_order_id_part")),
        sa.UniqueConstraint("seller_id", "kind", "number", name=op.f("uq_paper_seller_id_kind_number")),
    )


def downgrade() -> None:
    op.drop_table("paper")
    op.drop_table("paper_series")
    for name in IDENTITY:
        op.drop_column("seller", name)
