"""The rail policy: which way to pay may be offered at which entry (P6).

Telegram's developer terms 6.2 want digital goods sold for Stars inside Telegram; the operator may decide
otherwise by RAIL_POLICY, and every offer is logged.
"""

from collections.abc import Collection, Mapping
from typing import get_args

from core.kit.card_amounts import check_card_price
from core.kit.errors import Refused, SettingError
from core.kit.money import Money
from core.kit.prices import Prices
from schemas.rails import Rail
from schemas.sales import Entry

CARD: Rail = "card"
RAILS: tuple[str, ...] = get_args(Rail)
ENTRIES: tuple[str, ...] = get_args(Entry)

CHOSEN: tuple[str, ...] = tuple(rail for rail in RAILS if rail != CARD)
"""What a new shop may choose. Cards come with the account that the shop connects, and go with it."""

Policy = Mapping[str, tuple[str, ...]]

OWN_CURRENCY: Mapping[str, str] = {"stars": "XTR"}
"""The currency of a rail that takes no other; no other rail takes it either."""
ONLY_ENTRY: Mapping[str, tuple[Entry, str]] = {"stars": ("bot", "Stars can only be paid inside Telegram")}
"""The entry of a rail that works at no other, and why."""


def parse_policy(text: str) -> dict[str, tuple[str, ...]]:
    """Read "bot:stars;web:crypto,manual". Raises `SettingError` that names RAIL_POLICY."""
    policy: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        entry, colon, listed = (piece.strip() for piece in part.partition(":"))
        rails = tuple(rail.strip() for rail in listed.split(",") if rail.strip())
        if not colon or entry not in ENTRIES:
            raise _wrong(f"{part!r} must begin with {' or '.join(ENTRIES)} and a colon")
        if entry in policy:
            raise _wrong(f"{entry!r} appears twice")
        for rail in rails:
            if rail not in RAILS:
                raise _wrong(f"{rail!r} is not one of {', '.join(RAILS)}")
        for rail, (only, why) in ONLY_ENTRY.items():
            if rail in rails and entry != only:
                raise _wrong(f"{why}, not at {entry!r}")
        policy[entry] = tuple(dict.fromkeys(rails))
    if not any(policy.values()):
        raise _wrong("it offers no rail anywhere")
    return policy


def takes_currency(rail: str, currency: str) -> bool:
    """Whether a rail takes prices in a currency, by its code of three letters."""
    own = OWN_CURRENCY.get(rail)
    return currency == own if own else currency not in OWN_CURRENCY.values()


def check_sum(rail: str, price: Money) -> None:
    """Raise `Refused` where a rail cannot take a price, whatever the product."""
    if rail == CARD:
        check_card_price(price)


def takes_sum(rail: str, price: Money) -> bool:
    """What `check_sum` says: its limits may have come after the price."""
    try:
        check_sum(rail, price)
    except Refused:
        return False
    return True


def prices_offered(
    policy: Policy, entry: str, seller_rails: Collection[str], prices: Prices
) -> dict[str, list[Money]]:
    """By rail that the policy allows at this entry and the seller takes, in the order of the policy, the
    product's prices that the rail takes."""
    allowed = [rail for rail in policy.get(entry, ()) if rail in seller_rails]
    taken = {rail: [each for each in prices.get(rail, ()) if takes_sum(rail, each)] for rail in allowed}
    return {rail: offered for rail, offered in taken.items() if offered}


def _wrong(why: str) -> SettingError:
    return SettingError(f"RAIL_POLICY is wrong: {why}. Write it like bot:stars;web:crypto,manual.")
