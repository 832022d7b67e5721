"""Which notifications a person wants, and by which ways."""

import pytest
from sqlmodel import Session

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.notifications.choices import choices_of, choose
from core.notifications.kinds import KINDS
from tests.support import make


def test_choices_are_shown_as_they_stand(session: Session) -> None:
    person = make.user(session)
    choose(session, id_of(person), "channel_alarm", "email", False)
    choices = {choice.kind: choice.ways for choice in choices_of(session, id_of(person), "en")}
    assert choices.keys() == {kind for kind, traits in KINDS.items() if not traits.admins}
    assert choices["channel_alarm"] == {"telegram": True, "email": False}
    assert choices["access_granted"] == {"telegram": True, "email": False}
    assert choices["payment_verified"] == {"email": True}


@pytest.mark.parametrize(
    ("kind", "way"), [("payment_verified", "telegram"), ("access_expired", "pigeon"), ("gossip", "email")]
)
def test_a_way_that_a_kind_never_takes_cannot_be_chosen(session: Session, kind: str, way: str) -> None:
    with pytest.raises(Refused, match="notification-way"):
        choose(session, id_of(make.user(session)), kind, way, True)


def test_what_is_for_admins_is_no_choice_of_anybody_else(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    kinds = {choice.kind for choice in choices_of(session, id_of(admin), "en")}
    assert kinds == set(KINDS)


def test_a_choice_made_again_replaces_the_first(session: Session) -> None:
    person = make.user(session)
    for wanted in (False, True):
        choose(session, id_of(person), "access_granted", "email", wanted)
    (choice,) = (row for row in choices_of(session, id_of(person), "en") if row.kind == "access_granted")
    assert choice.ways == {"telegram": True, "email": True}
