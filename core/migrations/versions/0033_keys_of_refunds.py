"""The key of whoever asks for a refund

Revision: 0033, after 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column("refund", sa.Column("idempotency_key", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("uq_refund_idempotency_key"), "refund", ["idempotency_key"])


def downgrade() -> None:
    op.drop_column("refund", "idempotency_key")
