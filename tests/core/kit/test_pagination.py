"""One page of a longer list, whatever number is asked for."""

import pytest
from sqlmodel import Session, col, select

from core.kit.pagination import Page, paginate
from schemas.people import User
from tests.support import make


def names(session: Session, page: int) -> Page[str]:
    """Five people in pages of two."""
    statement = select(User).order_by(col(User.id))
    return paginate(session, statement, lambda rows: [row[0].name for row in rows], page=page, size=2)


@pytest.mark.parametrize(
    ("page", "number", "shown"),
    [
        (1, 1, ["A", "B"]),
        (2, 2, ["C", "D"]),
        (3, 3, ["E"]),
        (0, 1, ["A", "B"]),
        (-7, 1, ["A", "B"]),
        (9, 3, ["E"]),
    ],
)
def test_a_number_out_of_range_is_the_nearest_page(
    session: Session, page: int, number: int, shown: list[str]
) -> None:
    for name in "ABCDE":
        make.user(session, name=name)
    assert names(session, page) == Page(shown, number, pages=3, total=5)


def test_an_empty_list_is_one_empty_page(session: Session) -> None:
    assert names(session, 4) == Page([], 1, pages=1, total=0)
