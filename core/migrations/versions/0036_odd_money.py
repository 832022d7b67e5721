"""Money of an order beside its price, of which staff have yet to decide

Revision: 0036, after 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.add_column("purchase", sa.Column("odd_money_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE purchase SET odd_money_at = needs_support_at WHERE needs_support_at IS NOT NULL AND EXISTS"
        " (SELECT 1 FROM payment_event WHERE order_id = purchase.id AND state = 'refused')"
    )


def downgrade() -> None:
    op.drop_column("purchase", "odd_money_at")
