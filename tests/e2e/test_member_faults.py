"""Members under bad luck: the bot killed while people buy, join, renew, are warned and are put out (the other
parts: `comptoir bench members`)."""

from scripts.bench.members_channel import open_paid_channel
from scripts.bench.members_faults import Outcome, kill_bot, suffer
from scripts.bench.running_stack import RunningStack

PEOPLE = 3  # a step


def test_the_bot_killed_in_the_middle_loses_nothing_and_repeats_nothing(shop: RunningStack) -> None:
    with open_paid_channel(shop) as paid_channel:
        outcomes, _ = suffer(paid_channel, kill_bot, PEOPLE)

    assert list(outcomes) == ["buy", "join", "warn", "expire", "remove", "renew"]
    assert set(outcomes.values()) == {Outcome(lost=0, twice=0)}
