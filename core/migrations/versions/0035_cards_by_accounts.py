"""Cards are a way to pay of those sellers alone whose Stripe account is active

Revision: 0035, after 0034

Shops could once tick cards at their opening. Prices by card stay: they are shown again with an account.
"""

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.execute(
        """
        UPDATE seller SET rails = array_remove(rails, 'card')
        WHERE 'card' = ANY (rails) AND NOT EXISTS (
            SELECT FROM stripe_account
            WHERE stripe_account.seller_id = seller.id AND stripe_account.state = 'active'
        )
        """
    )


def downgrade() -> None:
    pass
