"""Operations: the audit log's chain and seals, who paid an event, raw bodies that end, backups

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("place", sa.BigInteger(), nullable=True))
    op.add_column("audit_entry", sa.Column("digest", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(op.f("uq_audit_entry_place"), "audit_entry", ["place"])
    op.create_index(
        "ix_audit_entry_unsealed", "audit_entry", ["id"], postgresql_where=sa.text("place IS NULL")
    )
    op.create_table(
        "audit_seal",
        sa.Column("last_place", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("pruned_at", MOMENT, nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("last_place", name=op.f("pk_audit_seal")),
    )
    op.alter_column("payment_event", "body", nullable=True)
    op.add_column("payment_event", sa.Column("payer", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE payment_event SET payer = (convert_from(body, 'UTF8')::jsonb ->> 'telegram_id')::bigint "
        "WHERE provider = 'telegram'"
    )
    op.create_index(op.f("ix_payment_event_received_at"), "payment_event", ["received_at"])
    op.create_index("ix_payment_event_state", "payment_event", ["state", "received_at"])
    op.create_table(
        "backup",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("database_size", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_backup")),
    )


def downgrade() -> None:
    op.drop_table("backup")
    op.drop_index("ix_payment_event_state", table_name="payment_event")
    op.drop_index("ix_payment_event_received_at", table_name="payment_event")
    op.drop_column("payment_event", "payer")
    op.execute("UPDATE payment_event SET body = '' WHERE body IS NULL")
    op.alter_column("payment_event", "body", nullable=False)
    op.drop_table("audit_seal")
    op.drop_index("ix_audit_entry_unsealed", table_name="audit_entry")
    op.drop_constraint("uq_audit_entry_place", "audit_entry")
    op.drop_column("audit_entry", "digest")
    op.drop_column("audit_entry", "place")
