"""The queue dashboard: indexes for its screens, workers' beats, minutes, acts and their trash

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

JSON = postgresql.JSONB(astext_type=sa.Text())
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index(
        "ix_job_finished",
        "job",
        ["state", "queue", "finished_at"],
        postgresql_where=sa.text("finished_at is not null"),
    )
    op.create_index(
        "ix_job_actor_finished",
        "job",
        ["actor", "finished_at"],
        postgresql_where=sa.text("finished_at is not null"),
    )
    op.create_index(
        "ix_job_dead", "job", ["fingerprint", "finished_at"], postgresql_where=sa.text("state = 'dead'")
    )
    op.create_index(
        "ix_job_failed", "job", ["fingerprint"], postgresql_where=sa.text("error_class is not null")
    )
    op.create_index("ix_job_correlation_id", "job", ["correlation_id"])
    op.create_index(
        "ix_job_args",
        "job",
        ["args"],
        postgresql_using="gin",
        postgresql_ops={"args": "jsonb_path_ops"},
        postgresql_with={"fastupdate": "off"},
    )
    op.add_column("schedule", sa.Column("since", MOMENT, nullable=False, server_default=sa.func.now()))
    op.alter_column("schedule", "since", server_default=None)
    op.create_table(
        "worker_beat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue_group", sa.Text(), nullable=False),
        sa.Column("queues", JSON, nullable=False),
        sa.Column("threads", sa.Integer(), nullable=False),
        sa.Column("memory", sa.BigInteger(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("beat_at", MOMENT, nullable=False),
        sa.Column("draining", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "queue_minute",
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("minute", MOMENT, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("ready", "later", "running", "done", "dead", "cancelled")
        ),
        sa.PrimaryKeyConstraint("queue", "minute", name=op.f("pk_queue_minute")),
    )
    op.create_table(
        "queue_act",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_act")),
    )
    op.create_table(
        "job_trash",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=False),
        sa.Column("job", JSON, nullable=False),
        sa.Column("attempts", JSON, nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["queue_act.id"], name=op.f("fk_job_trash_act_id_queue_act")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_trash")),
    )
    op.create_index(op.f("ix_job_trash_act_id"), "job_trash", ["act_id"])
    op.create_index(op.f("ix_job_trash_deleted_at"), "job_trash", ["deleted_at"])


def downgrade() -> None:
    for table in ("job_trash", "queue_act", "queue_minute", "worker_beat"):
        op.drop_table(table)
    op.drop_column("schedule", "since")
    for name in ("args", "correlation_id", "failed", "dead", "actor_finished", "finished"):
        op.drop_index(f"ix_job_{name}", table_name="job")
