"""References that people type, kept once in whatever spelling

Of rows that are one reference in two spellings, the oldest keeps it: the others stay as they are.

Revision: 0015, after 0014
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.kit.names import canonical

revision = "0015"
down_revision = "0014"


payment = sa.table(
    "payment", *(sa.column(name) for name in ("id", "rail", "provider_id", "reference", "created_at"))
)
balance_entry = sa.table(
    "balance_entry", *(sa.column(name) for name in ("id", "kind", "reference", "reference_key"))
)


def upgrade() -> None:
    op.add_column("payment", sa.Column("reference", sa.Text(), nullable=True))
    op.add_column("balance_entry", sa.Column("reference_key", sa.Text(), nullable=True))
    _spell(payment, "provider_id", "reference", payment.c.rail == "manual", payment.c.created_at)
    _spell(balance_entry, "reference", "reference_key", balance_entry.c.kind == "payout", balance_entry.c.id)
    _spell_codes()
    op.create_unique_constraint(op.f("uq_payment_rail_reference"), "payment", ["rail", "reference"])
    op.create_unique_constraint(op.f("uq_balance_entry_reference_key"), "balance_entry", ["reference_key"])
    op.drop_constraint(op.f("uq_balance_entry_reference"), "balance_entry", type_="unique")


def downgrade() -> None:
    op.create_unique_constraint(op.f("uq_balance_entry_reference"), "balance_entry", ["reference"])
    op.drop_column("balance_entry", "reference_key")
    op.drop_column("payment", "reference")


def _spell(table: sa.TableClause, typed: str, column: str, which: Any, order: Any) -> None:
    connection, taken = op.get_bind(), set()
    rows = connection.execute(sa.select(table.c.id, table.c[typed]).where(which).order_by(order)).all()
    for number, text in rows:
        spelling = canonical(text or "")
        if spelling and spelling not in taken:
            taken.add(spelling)
            connection.execute(sa.update(table).where(table.c.id == number).values({column: spelling}))


def _spell_codes() -> None:
    """Codes are looked for without spaces: those that were made with some lose them, where nothing is in
    the way."""
    connection = op.get_bind()
    codes = connection.execute(sa.text("SELECT id, plan_id, code FROM access_code ORDER BY id")).all()
    taken = {(plan, code) for _, plan, code in codes}
    for number, plan, code in codes:
        spelling = canonical(code).upper()
        if spelling and (plan, spelling) not in taken:
            taken.add((plan, spelling))
            change = sa.text("UPDATE access_code SET code = :spelling WHERE id = :number")
            connection.execute(change, {"spelling": spelling, "number": number})
