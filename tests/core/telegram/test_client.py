"""Which messages Telegram takes for one and the same."""

from core.telegram.client import answer_identity, next_random_id


def test_answers_to_an_update_that_comes_again_have_the_same_identity() -> None:
    def answers(update: str) -> list[int]:
        with answer_identity(update):
            return [next_random_id() for _ in range(3)]

    first = answers("7:5")
    assert answers("7:5") == first
    assert len({*first, *answers("7:6")}) == 6
