"""One table says who may do what; a ban outweighs everything."""

import pytest

from core.kit.errors import NotAllowed
from core.kit.permissions import TABLE, Act, allowed, require


def test_an_admin_may_do_whatever_any_other_role_may() -> None:
    assert all(acts <= TABLE["admin"] for acts in TABLE.values())


@pytest.mark.parametrize(
    ("roles", "act", "answer"),
    [
        (["buyer"], "buy", True),
        (["buyer"], "publish", False),
        (["buyer", "seller"], "publish", True),
        (["seller"], "refund_order", False),
        (["seller"], "refund_sale", True),
        (["seller"], "answer_dispute", True),
        (["buyer"], "refund_sale", False),
        (["support"], "refund_order", True),
        (["support"], "manage_staff", False),
        (["support"], "ban_people", False),
        (["admin", "banned"], "buy", False),
        (["buyer", "banned"], "ask_support", True),
        (["buyer", "banned"], "end_renewal", True),
        (["unknown"], "buy", False),
        ([], "buy", False),
    ],
)
def test_the_table_answers(roles: list[str], act: str, answer: bool) -> None:
    assert allowed(roles, act) is answer  # type: ignore[arg-type]


@pytest.mark.parametrize("act", sorted(TABLE["admin"]))
def test_only_whoever_may_is_let_through(act: Act) -> None:
    require(["admin"], act)
    with pytest.raises(NotAllowed):
        require([], act)


def test_a_refusal_says_whether_the_person_is_banned() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(["buyer", "banned"], "buy")
    assert refusal.value.code == "banned"
    with pytest.raises(NotAllowed) as refusal:
        require(["buyer"], "sell")
    assert refusal.value.code == "not-allowed"
