"""Figures: indexes by time on what was paid, linked, signed and downloaded

They are of block ranges: rows are written in the order of their time, and a tree on it would cost every
delivery and click a write.

Revision: 0007, after 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_index("ix_purchase_paid_at", "purchase", ["paid_at"], postgresql_using="brin")
    op.create_index("ix_download_link_created_at", "download_link", ["created_at"], postgresql_using="brin")
    op.create_index("ix_download_minute", "download", ["minute"], postgresql_using="brin")
    op.create_index("ix_audit_entry_created_at", "audit_entry", ["created_at"], postgresql_using="brin")


def downgrade() -> None:
    op.drop_index("ix_audit_entry_created_at", "audit_entry")
    op.drop_index("ix_download_minute", "download")
    op.drop_index("ix_download_link_created_at", "download_link")
    op.drop_index("ix_purchase_paid_at", "purchase")
