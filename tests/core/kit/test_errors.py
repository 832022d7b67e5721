"""What errors say, and which decision each of them asks for."""

from core.kit.errors import ChannelGone, Explained, NotFound, Permanent, Refused, RetryAfter, RightsMissing


def test_a_refusal_says_its_code_and_what_fills_the_blanks() -> None:
    assert str(Refused("too-many", {"most": 3})) == "refused: too-many {'most': 3}"
    assert str(NotFound("order-unknown")) == "refused: order-unknown"


def test_an_explained_refusal_carries_facts_for_machines() -> None:
    error = Explained("upload-too-large", {"most": 5}, size=7, limit=5)
    assert (error.code, error.details, error.facts) == (
        "upload-too-large",
        {"most": 5},
        {"size": 7, "limit": 5},
    )


def test_a_wait_says_how_long_and_why() -> None:
    assert str(RetryAfter(1.5, "flood wait")) == "retry after 1.5 s: flood wait"


def test_no_retry_mends_a_channel_that_is_gone_or_lacks_rights() -> None:
    assert issubclass(ChannelGone, Permanent)
    error = RightsMissing(("ban_users", "invite_users"))
    assert isinstance(error, Permanent)
    assert str(error) == "the bot lacks rights in the channel: ban_users, invite_users"
