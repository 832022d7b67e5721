"""A rail has a price in each currency

Revision: 0046, after 0045
"""

from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.create_unique_constraint(
        op.f("uq_price_product_id_rail_currency"), "price", ["product_id", "rail", "currency"]
    )
    op.drop_constraint(op.f("uq_price_product_id_rail"), "price", type_="unique")


def downgrade() -> None:
    # Of each rail the price stays that its seller named first.
    op.execute(
        "DELETE FROM price AS later USING price AS first WHERE later.product_id = first.product_id "
        "AND later.rail = first.rail AND later.id > first.id"
    )
    op.create_unique_constraint(op.f("uq_price_product_id_rail"), "price", ["product_id", "rail"])
    op.drop_constraint(op.f("uq_price_product_id_rail_currency"), "price", type_="unique")
