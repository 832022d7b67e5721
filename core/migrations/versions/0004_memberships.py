"""Memberships

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "channel",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("missing", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("enforcement", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_channel_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_channel_telegram_id")),
    )
    op.create_index(op.f("ix_channel_seller_id"), "channel", ["seller_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("trial_days", sa.Integer(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("joining", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_plan_product_id_product")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_plan")),
    )
    op.create_table(
        "access_code",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.product_id"], name=op.f("fk_access_code_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_code")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_access_code_plan_id_code")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.product_id"], name=op.f("fk_membership_plan_id_plan")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_membership_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("user_id", "plan_id", name=op.f("uq_membership_user_id_plan_id")),
    )
    op.create_index(
        "ix_membership_due",
        "membership",
        ["clock_at"],
        unique=False,
        postgresql_where=sa.text("clock_at is not null"),
    )
    op.create_index(
        "ix_membership_ending",
        "membership",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("state in ('trialing','active','past_due')"),
    )
    op.create_index(op.f("ix_membership_plan_id"), "membership", ["plan_id"], unique=False)
    op.create_table(
        "plan_channel",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("subscription_link", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_plan_channel_channel_id_channel")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.product_id"], name=op.f("fk_plan_channel_plan_id_plan")),
        sa.PrimaryKeyConstraint("plan_id", "channel_id", name=op.f("pk_plan_channel")),
    )
    op.create_index(op.f("ix_plan_channel_channel_id"), "plan_channel", ["channel_id"], unique=False)
    op.create_table(
        "trial",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.product_id"], name=op.f("fk_trial_plan_id_plan")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_trial_seller_id_seller")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_trial_user_id_person")),
        sa.PrimaryKeyConstraint("user_id", "seller_id", name=op.f("pk_trial")),
    )
    op.create_table(
        "channel_event",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("membership_id", sa.BigInteger(), nullable=True),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_channel_event_channel_id_channel")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_channel_event_membership_id_membership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_event")),
        sa.UniqueConstraint("occasion", name=op.f("uq_channel_event_occasion")),
    )
    op.create_index("ix_channel_event_recent", "channel_event", ["channel_id", "created_at"], unique=False)
    op.create_table(
        "code_holder",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("code_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["access_code.id"], name=op.f("fk_code_holder_code_id_access_code")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.product_id"], name=op.f("fk_code_holder_plan_id_plan")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_code_holder_user_id_person")),
        sa.PrimaryKeyConstraint("user_id", "plan_id", name=op.f("pk_code_holder")),
    )
    op.create_table(
        "invite",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_invite_channel_id_channel")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_invite_membership_id_membership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invite")),
        sa.UniqueConstraint("url", name=op.f("uq_invite_url")),
    )
    op.create_index(op.f("ix_invite_channel_id"), "invite", ["channel_id"], unique=False)
    op.create_index(
        "ix_invite_usable",
        "invite",
        ["membership_id", "channel_id"],
        unique=False,
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.create_table(
        "membership_period",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anchor_day", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_seconds", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_membership_period_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase.id"], name=op.f("fk_membership_period_order_id_purchase")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_period")),
        sa.UniqueConstraint("order_id", name=op.f("uq_membership_period_order_id")),
    )
    op.create_index(
        op.f("ix_membership_period_membership_id"), "membership_period", ["membership_id"], unique=False
    )
    op.create_table(
        "star_subscription",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("charge_id", sa.Text(), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renews", sa.Boolean(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_star_subscription_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase.id"], name=op.f("fk_star_subscription_order_id_purchase")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_subscription")),
        sa.UniqueConstraint("order_id", name=op.f("uq_star_subscription_order_id")),
    )
    op.create_index(
        op.f("ix_star_subscription_membership_id"), "star_subscription", ["membership_id"], unique=False
    )
    op.create_table(
        "roster",
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=True),
        sa.Column("invite_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_roster_channel_id_channel")),
        sa.ForeignKeyConstraint(["invite_id"], ["invite.id"], name=op.f("fk_roster_invite_id_invite")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_roster_membership_id_membership")
        ),
        sa.PrimaryKeyConstraint("channel_id", "telegram_id", name=op.f("pk_roster")),
    )
    op.create_index("ix_roster_check", "roster", ["channel_id", "checked_at"], unique=False)
    op.create_index(op.f("ix_roster_membership_id"), "roster", ["membership_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_roster_membership_id"), table_name="roster")
    op.drop_index("ix_roster_check", table_name="roster")
    op.drop_table("roster")
    op.drop_index(op.f("ix_star_subscription_membership_id"), table_name="star_subscription")
    op.drop_table("star_subscription")
    op.drop_index(op.f("ix_membership_period_membership_id"), table_name="membership_period")
    op.drop_table("membership_period")
    op.drop_index(
        "ix_invite_usable",
        table_name="invite",
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.drop_index(op.f("ix_invite_channel_id"), table_name="invite")
    op.drop_table("invite")
    op.drop_table("code_holder")
    op.drop_index("ix_channel_event_recent", table_name="channel_event")
    op.drop_table("channel_event")
    op.drop_table("trial")
    op.drop_index(op.f("ix_plan_channel_channel_id"), table_name="plan_channel")
    op.drop_table("plan_channel")
    op.drop_index(op.f("ix_membership_plan_id"), table_name="membership")
    op.drop_index(
        "ix_membership_ending",
        table_name="membership",
        postgresql_where=sa.text("state in ('trialing','active','past_due')"),
    )
    op.drop_index(
        "ix_membership_due", table_name="membership", postgresql_where=sa.text("clock_at is not null")
    )
    op.drop_table("membership")
    op.drop_table("access_code")
    op.drop_table("plan")
    op.drop_index(op.f("ix_channel_seller_id"), table_name="channel")
    op.drop_table("channel")
