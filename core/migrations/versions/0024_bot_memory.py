"""The memory of the bot's process, as it says itself

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    # A bot of the version before goes on to write rows without it until it is restarted.
    op.add_column("bot_beat", sa.Column("memory", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("bot_beat", "memory")
