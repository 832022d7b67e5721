"""Evidence in disputes: the name of the proof, when it was staged, and when somebody had it handed in

Revision: 0039, after 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    made = sa.text("gen_random_uuid()")
    op.add_column("dispute", sa.Column("evidence_id", sa.Uuid(), nullable=False, server_default=made))
    op.create_unique_constraint(op.f("uq_dispute_evidence_id"), "dispute", ["evidence_id"])
    op.add_column("dispute", sa.Column("staged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("dispute", sa.Column("submit_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("submit_asked_at", "staged_at", "evidence_id"):
        op.drop_column("dispute", name)
