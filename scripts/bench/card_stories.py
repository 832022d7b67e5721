"""Stories of sales and memberships by card, told by Hypothesis twice: as it should go, and as it may not.

Events come late, mixed, twice or never, and are read from Stripe in the end; Stripe fails; the job is killed
between any two steps. Orders, access, memberships and money lines are the same each time, and the seller's
balance at Stripe is ours to the cent.
"""

import logging
import time
from collections import Counter
from contextlib import closing
from functools import partial
from itertools import zip_longest

from hypothesis import strategies as st

from core.wiring import connect
from scripts.bench.card_clock import clock_of
from scripts.bench.card_shop import CardShop
from scripts.bench.card_world import PLAN
from scripts.bench.report import Report
from scripts.bench.statements import scratch_address
from scripts.bench.stories import tell_all
from scripts.sandbox.stripe.sandbox import StripeSandbox

Act = tuple[str, int, int]
ORDER: Act = ("order", 0, 0)
SALES = (
    "order",
    *("pays",) * 4,
    "declines",
    *("pays_later",) * 2,
    *("settles",) * 2,
    "expires",
    "returns",
    "pays_again",
    "slow",
    *("dashboard",) * 2,
    *("staff",) * 2,
    "refund_settles",
    "bounces",
    *("disputes",) * 2,
    *("decides",) * 2,
)
IN_A_MONTH = (
    *("nothing",) * 9,
    *("card",) * 5,
    "dashboard",
    "staff",
    "refund_settles",
    *("disputes",) * 2,
    *("decides",) * 2,
    *("stops",) * 2,
    "portal",
    "leaves",
    "again",
)
MONTHS = 24
ONE_OF_MONTHS = 15
"""One story in so many is that of a membership: it takes as long as six others."""
WHICH, HOW = st.integers(0, 5), st.integers(0, 999)


def _months(drawn: list[Act]) -> list[Act]:
    """A membership that is bought, or tried first, and then in each month what was drawn, and a charge."""
    is_tried = drawn[0][2] % 3 == 0
    begun: list[Act] = [("tries", 0, 0) if is_tried else ("order", PLAN, 0), ("pays", 0, 0)]
    months = [[act, ("month", act[1], act[2])] for act in drawn]
    return begun + [act for month in months for act in month if act[0] != "nothing"]


SALE_STORIES = st.lists(st.tuples(st.sampled_from(SALES), WHICH, HOW), min_size=5, max_size=14).map(
    lambda drawn: [ORDER, *drawn]
)
MONTH_STORIES = st.lists(
    st.tuples(st.sampled_from(IN_A_MONTH), st.sampled_from((0, 0, 0, 1, 2)), HOW),
    min_size=MONTHS,
    max_size=MONTHS,
).map(_months)
STORIES = st.integers(1, ONE_OF_MONTHS).flatmap(
    lambda which: MONTH_STORIES if which == ONE_OF_MONTHS else SALE_STORIES
)
SEEDS = st.integers(1, 1 << 32)


def tell(shop: CardShop, story: list[Act], seed: int) -> Counter[str]:
    """Tell a story both ways. Raises `AssertionError` where it ends in two ways, or the books differ."""
    endings = []
    with clock_of(shop.stripe.book):
        for chance in (None, seed):
            shop.begin(chance)
            for act, one, other in story:
                shop.do(act, one, other)
            shop.catch_up()
            endings.append(shop.standing())
            shop.check_books()
    tidy, wild = endings
    differing = [
        f"order {number}: as it should go {one}; as it went {other}"
        for number, (one, other) in enumerate(zip_longest(tidy, wild))
        if one != other
    ]
    assert not differing, "\n".join(differing)
    happened = Counter(f"orders {each['status']}" for each in tidy)
    for each in [*tidy, *(further for sold in tidy for further in sold.get("further", ()))]:
        happened.update({kind: len(each[kind]) for kind in ("refunds", "disputes")})
    happened["further charges"] = sum(len(each.get("further", ())) for each in tidy)
    return +happened


def measure(count: int = 500, seed: int = 1) -> Report:
    """Tell so many stories; those of one seed are always the same."""
    connect()
    for name in ("core", "workers"):
        logging.getLogger(name).setLevel(logging.ERROR)  # what goes wrong on the way is wanted here
    report, totals, counts = Report("card-stories"), Counter[str](), Counter[str]()
    began = time.monotonic()
    with scratch_address() as url, StripeSandbox() as stripe, closing(CardShop(url, stripe)) as shop:
        failure = tell_all(partial(tell, shop), count, seed, totals, counts, story=STORIES, seed=SEEDS)
        report.facts |= {"kills": shop.hands.death.count, "lost_events": shop.postman.lost}
    report.facts |= {"seed": seed, "seconds": round(time.monotonic() - began, 1), "ends": dict(totals)}
    report.facts["failure"] = failure
    report.equal("stories that end in two ways, or whose books differ", 0, int(bool(failure)))
    report.at_least("stories told", count, counts["stories"], "")
    return report
