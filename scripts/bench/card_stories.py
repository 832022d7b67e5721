"""Stories of sales by card, told by Hypothesis twice: as all should go, and as all goes wrong that may.

Events come late, mixed, twice or never, and are read from Stripe in the end; Stripe fails; the job is killed
between any two steps. Orders, access, memberships and money lines are the same each time, and the seller's
balance at Stripe is ours to the cent.
"""

import logging
import time
from collections import Counter
from contextlib import closing
from functools import partial

from hypothesis import strategies as st

from core.wiring import connect
from scripts.bench.card_shop import CardShop
from scripts.bench.report import Report
from scripts.bench.statements import scratch_address
from scripts.bench.stories import tell_all
from scripts.sandbox.stripe.sandbox import StripeSandbox

Act = tuple[str, int, int]
ACTS = (
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
)
STORIES = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 999)), min_size=5, max_size=14
)
SEEDS = st.integers(1, 1 << 32)


def tell(shop: CardShop, story: list[Act], seed: int) -> Counter[str]:
    """Tell a story both ways. Raises `AssertionError` where it ends in two ways, or the books differ."""
    endings = []
    for chance in (None, seed):
        shop.begin(chance)
        shop.do("order", 0, 0)
        for act, one, other in story:
            shop.do(act, one, other)
        shop.catch_up()
        endings.append(shop.standing())
        shop.check_books()
    tidy, wild = endings
    assert wild == tidy, f"as it should go: {tidy}; as it went: {wild}"
    happened = Counter(f"orders {each['status']}" for each in tidy)
    happened["refunds"] = sum(len(each["refunds"]) for each in tidy)
    return happened


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
