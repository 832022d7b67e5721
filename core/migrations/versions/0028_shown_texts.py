"""What shops say of themselves and what channels are called, while staff look at it; words that were refused

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("product", sa.Column("text_refused", sa.Text(), nullable=True))
    op.add_column("seller", sa.Column("about_waiting", sa.Text(), nullable=True))
    op.add_column("seller", sa.Column("about_held_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("channel", sa.Column("title_waiting", sa.Text(), nullable=True))
    op.add_column("channel", sa.Column("title_held_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("channel", "title_held_at")
    op.drop_column("channel", "title_waiting")
    op.drop_column("seller", "about_held_at")
    op.drop_column("seller", "about_waiting")
    op.drop_column("product", "text_refused")
