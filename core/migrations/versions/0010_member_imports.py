"""Files of members that sellers bring in

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "member_import",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.product_id"], name=op.f("fk_member_import_plan_id_plan")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_member_import_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_import")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_member_import_idempotency_key")),
    )


def downgrade() -> None:
    op.drop_table("member_import")
