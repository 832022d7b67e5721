"""How often the client of a counted download came back for the rest of the file

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("download", sa.Column("continued", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("download", "continued")
