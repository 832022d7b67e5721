"""What becomes of a job after an error."""

import pytest

from core.jobs.retries import LONGEST_TEXT, Verdict, back_off, describe, judge
from core.kit.errors import (
    Permanent,
    ProviderUnavailable,
    RetryAfter,
    ServerAway,
    SettingError,
    StoreUnavailable,
    Unreachable,
)
from core.notifications.letters import MailUnavailable
from schemas.contracts import BRIEF, PATIENT, STEADY, RetryPolicy

POLICY = RetryPolicy(failures=5, first=2.0, longest=60.0)
DAY = 24 * 3600


def test_the_pause_doubles_up_to_the_longest() -> None:
    pauses = [back_off(failures, POLICY, jitter=0.5) for failures in range(8)]
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


def test_jitter_spreads_a_pause_by_a_fifth() -> None:
    assert back_off(0, POLICY, jitter=0) == pytest.approx(1.6)
    assert back_off(0, POLICY, jitter=0.999) == pytest.approx(2.4, abs=0.01)


def test_a_patient_job_keeps_trying_for_more_than_a_day() -> None:
    assert sum(back_off(failures, PATIENT, jitter=0) for failures in range(PATIENT.failures - 1)) > DAY


def test_very_many_failures_do_not_overflow() -> None:
    assert back_off(100_000, POLICY, jitter=0.5) == 60


@pytest.mark.parametrize("error", [Permanent("gone"), Unreachable("blocked"), SettingError("SECRET")])
def test_a_permanent_error_is_the_end(error: Exception) -> None:
    assert judge(error, 0, POLICY, jitter=0.5) == Verdict("dead", 0, "failed", True)


def test_the_other_side_says_when_to_come_back() -> None:
    assert judge(RetryAfter(77), 4, POLICY, jitter=0.5) == Verdict("queued", 77, "retry_after", False)


@pytest.mark.parametrize(("before", "state"), [(0, "queued"), (3, "queued"), (4, "dead")])
def test_any_other_error_is_tried_again_until_the_policy_is_used_up(before: int, state: str) -> None:
    assert judge(OSError(), before, POLICY, jitter=0.5).state == state


@pytest.mark.parametrize("policy", [BRIEF, STEADY, PATIENT])
@pytest.mark.parametrize("away", [StoreUnavailable, ProviderUnavailable, MailUnavailable])
def test_a_server_that_is_away_is_waited_for_a_day_by_every_job(
    policy: RetryPolicy, away: type[ServerAway]
) -> None:
    waited, failures = 0.0, 0
    while (verdict := judge(away("gone"), failures, policy, jitter=0)).state == "queued":
        waited, failures = waited + verdict.delay, failures + 1
    assert waited > DAY
    assert verdict.state == "dead"


def caught(message: str) -> BaseException:
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


def test_equal_failures_share_a_fingerprint_whatever_their_words() -> None:
    assert describe(caught("order 1")).fingerprint == describe(caught("order 2")).fingerprint
    assert describe(caught("x")).fingerprint != describe(KeyError("x")).fingerprint


def test_a_description_is_short_and_storable() -> None:
    fault = describe(caught("a\0b" * LONGEST_TEXT))
    assert len(fault.message) == LONGEST_TEXT
    assert "\0" not in fault.message + fault.traceback
    assert fault.error_class == "ValueError"
