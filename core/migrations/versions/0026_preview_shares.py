"""By which rules a preview was made, and what its seller chose to be shown

Previews of before show more than may be shown: they have the rules 0, and are withheld until made again.

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("asset_preview", sa.Column("rules", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("asset_preview", "rules", server_default=None)
    chosen = sa.Column("preview_choice", sa.Text(), nullable=False, server_default="automatic")
    op.add_column("asset", chosen)
    op.alter_column("asset", "preview_choice", server_default=None)
    op.add_column("asset", sa.Column("sample_key", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("asset", "sample_key")
    op.drop_column("asset", "preview_choice")
    op.drop_column("asset_preview", "rules")
