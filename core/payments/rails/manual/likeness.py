"""References of transfers that look like one another, for the people who decide of them.

What is the same but for spelling is one reference already (`core.kit.names.canonical`). Here it is about what
an eye takes for the same: letters of other alphabets, O and 0, other signs between.
"""

from sqlmodel import Session, col, select

from core.kit.names import canonical, number_of
from schemas.sales import Payment

LOOKED_AT = 2_000  # of the latest transfers
SHORTEST = 6  # signs of a reference that may stand within another
_LOOKALIKES = str.maketrans("авеікмнорсτтухαβεικνορυοil", "abe1kmh0pcttyxabe1kv0py011")
"""Letters of Cyrillic and Greek by the Latin ones that they look like (Unicode Technical Standard 39)."""


def alike(session: Session, payment: Payment) -> list[str]:
    """The numbers of other orders whose transfer was named so that it looks like this one, newest first."""
    statement = (
        select(Payment.order_id, Payment.provider_id)
        .where(Payment.rail == payment.rail, Payment.order_id != payment.order_id)
        .order_by(col(Payment.created_at).desc())
        .limit(LOOKED_AT)
    )
    look = skeleton(payment.provider_id)
    rows = session.execute(statement)
    return [number_of(order_id) for order_id, name in rows if _is_like(look, skeleton(name))]


def skeleton(reference: str) -> str:
    """Letters and digits alone, each of the form by which it is seen."""
    plain = canonical(reference).replace("o", "0").translate(_LOOKALIKES)
    return "".join(filter(str.isalnum, plain))


def _is_like(look: str, other: str) -> bool:
    short, long = sorted((look, other), key=len)
    return short == long or (len(short) >= SHORTEST and (long.startswith(short) or long.endswith(short)))
