"""Stories of orders, payments, codes, pauses, claims and refunds, told by Hypothesis to the real database.

After every act nobody has what was not paid, nobody lacks what was, and the sellers' ledger agrees.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from sqlmodel import Session

from core.wiring import connect
from scripts.bench.report import Report
from scripts.bench.statements import scratch_database
from scripts.bench.story_shop import StoryShop

ACTS = (
    *("order",) * 3,
    *("pays",) * 4,
    "pays_oddly",
    "refunds",
    "refunds_part",
    *("claims",) * 2,
    "code",
    "pauses",
    "resumes",
    "wait",
)
STORIES = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 59), st.integers(0, 999)), min_size=12, max_size=30
)


def tell(session: Session, story: list[tuple[str, int, int]]) -> Counter[str]:
    """Let a story happen, look after each act, and take it back; how often each act was tried."""
    with session.begin_nested() as whole:
        shop = StoryShop(session)
        for act, one, other in story:
            shop.do(act, one, other)
            shop.check()
        happened = Counter(act for act, _, _ in story)
        happened["orders"] = len(shop.orders)
        happened["paid at the end"] = sum(shop.paid.values())
        whole.rollback()
    session.expire_all()
    return happened


def measure(count: int = 200, seed: int = 1) -> Report:
    """Tell so many stories; those of one seed are always the same."""
    connect()
    report, totals, counts = Report("stories"), Counter[str](), Counter[str]()
    began = time.monotonic()
    with scratch_database() as database:

        def tell_one(story: list[tuple[str, int, int]]) -> Counter[str]:
            with database.transaction() as session:
                return tell(session, story)

        failure = tell_all(tell_one, count, seed, totals, counts, story=STORIES)
    report.facts |= {"seed": seed, "seconds": round(time.monotonic() - began, 1), "acts": dict(totals)}
    report.facts["failure"] = failure
    report.equal("stories in which somebody had too much, or too little", 0, int(bool(failure)))
    report.at_least("stories told", count, counts["stories"], "")
    return report


def tell_all(
    tell_one: Callable[..., Counter[str]],
    number: int,
    seed_number: int,
    totals: Counter[str],
    counts: Counter[str],
    **drawn: st.SearchStrategy[Any],
) -> str:
    """What was wrong with the first story that went wrong, made short; empty where none did.

    `tell_one` is called with what Hypothesis draws of each of `drawn`, by its name; what it counts goes into
    `totals`.
    """

    @seeded(seed_number)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(**drawn)
    def all_stories(**story: Any) -> None:
        totals.update(tell_one(**story))
        counts["stories"] += 1

    try:
        all_stories()
    except AssertionError as wrong:
        return "\n".join([*getattr(wrong, "__notes__", []), str(wrong)])[:8000]  # the story first
    return ""
