"""Notifications, what people want of them, and confirmed e-mail addresses

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

JSON = postgresql.JSONB(astext_type=sa.Text())
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_notification_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint(
            "user_id", "kind", "occasion", name=op.f("uq_notification_user_id_kind_occasion")
        ),
    )
    op.create_index("ix_notification_recent", "notification", ["user_id", "id"])
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["user_id"],
        postgresql_where=sa.text("read_at is null"),
    )
    op.create_table(
        "notification_choice",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["person.id"], name=op.f("fk_notification_choice_user_id_person")
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", "way", name=op.f("pk_notification_choice")),
    )
    op.create_table(
        "mail_address",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("confirm_hash", sa.LargeBinary(), nullable=True),
        sa.Column("confirm_until", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("stop_hash", sa.LargeBinary(), nullable=True),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("refused_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_mail_address_user_id_person")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase.id"], name=op.f("fk_mail_address_order_id_purchase")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_address")),
        *(
            sa.UniqueConstraint(name, name=op.f(f"uq_mail_address_{name}"))
            for name in ("user_id", "order_id", "confirm_hash", "stop_hash")
        ),
    )


def downgrade() -> None:
    for table in ("mail_address", "notification_choice", "notification"):
        op.drop_table(table)
