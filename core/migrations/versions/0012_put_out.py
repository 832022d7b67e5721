"""What ended a membership, why people ended it, and whether its holder is barred from the shop

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    for name in ("ended_by", "ended_for"):
        op.add_column("membership", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("membership", sa.Column("barred_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        """
        UPDATE membership
        SET ended_by = CASE WHEN state = 'expired' THEN 'time' WHEN reason = 'refund' THEN 'refund'
                            ELSE 'staff' END,
            ended_for = CASE WHEN state = 'revoked' AND reason <> 'refund' THEN 'other' ELSE '' END,
            reason = CASE WHEN reason = 'refund' THEN '' ELSE reason END
        WHERE ended_at IS NOT NULL
        """
    )


def downgrade() -> None:
    op.execute("UPDATE membership SET reason = 'refund' WHERE ended_by = 'refund'")
    for name in ("barred_at", "ended_for", "ended_by"):
        op.drop_column("membership", name)
