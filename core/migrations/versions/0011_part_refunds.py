"""Several part refunds of one order in a seller's balance

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("balance_entry", sa.Column("part", sa.Text(), server_default="", nullable=False))
    op.drop_constraint(op.f("uq_balance_entry_order_id_kind"), "balance_entry", type_="unique")
    op.create_unique_constraint(
        op.f("uq_balance_entry_order_id_kind_part"), "balance_entry", ["order_id", "kind", "part"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("uq_balance_entry_order_id_kind_part"), "balance_entry", type_="unique")
    op.create_unique_constraint(op.f("uq_balance_entry_order_id_kind"), "balance_entry", ["order_id", "kind"])
    op.drop_column("balance_entry", "part")
