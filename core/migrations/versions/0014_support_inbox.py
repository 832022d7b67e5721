"""Questions to support and their answers

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "support_question",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "user_id IS NOT NULL OR order_id IS NOT NULL", name=op.f("ck_support_question_has_an_owner")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_support_question_user_id_person")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase.id"], name=op.f("fk_support_question_order_id_purchase")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_question")),
        sa.UniqueConstraint("key", name=op.f("uq_support_question_key")),
    )
    op.create_index(op.f("ix_support_question_user_id"), "support_question", ["user_id"])
    op.create_index(op.f("ix_support_question_order_id"), "support_question", ["order_id"])
    op.create_index(
        "ix_support_question_open",
        "support_question",
        ["asked_at"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "support_answer",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["support_question.id"],
            name=op.f("fk_support_answer_question_id_support_question"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["person.id"], name=op.f("fk_support_answer_staff_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_answer")),
        sa.UniqueConstraint("key", name=op.f("uq_support_answer_key")),
    )
    op.create_index(op.f("ix_support_answer_question_id"), "support_answer", ["question_id"])
    op.add_column("support_relay", sa.Column("question_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_support_relay_question_id_support_question"),
        "support_relay",
        "support_question",
        ["question_id"],
        ["id"],
    )
    op.create_index(op.f("ix_support_relay_question_id"), "support_relay", ["question_id"])
    op.alter_column("support_relay", "user_id", nullable=True)  # a web order's question has no person


def downgrade() -> None:
    op.execute("DELETE FROM support_relay WHERE user_id IS NULL")
    op.alter_column("support_relay", "user_id", nullable=False)
    op.drop_column("support_relay", "question_id")
    op.drop_table("support_answer")
    op.drop_table("support_question")
