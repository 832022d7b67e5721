"""A code that its seller posts in a channel connects the channel with their shop."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.kit.tokens import token_hash
from core.memberships.channel_codes import LIFE, connect_by_code, is_alive, read_code, show_code
from core.memberships.channels import by_telegram_id
from core.memberships.events import RightsChanged, Visitor
from core.ports import NEEDED_RIGHTS
from schemas.audit import AuditEntry
from schemas.channel_codes import ChannelCode
from schemas.membership import ChannelKind
from schemas.people import Seller
from tests.support import make, make_members

NOW = make.NOW
TOKEN = "4242:test"
ROOM = -1_001_234_567_890
MINUTE = timedelta(minutes=1)


def posted(
    rights: Collection[str] = NEEDED_RIGHTS, *, room: int = ROOM, kind: ChannelKind = "channel"
) -> RightsChanged:
    return RightsChanged(room, "VIP", kind, True, frozenset(rights), Visitor(0), NOW)


def code_of(session: Session, shop: Seller) -> str:
    return show_code(session, shop, TOKEN, now=NOW).words


@pytest.mark.parametrize("kind", ["channel", "supergroup"])
def test_a_posted_code_connects_the_channel_once_and_its_seller_is_told(
    session: Session, kind: ChannelKind
) -> None:
    shop = make.seller(session)
    code = code_of(session, shop)
    assert connect_by_code(session, code, posted(kind=kind), review=make.NO_REVIEW, now=NOW)
    channel = by_telegram_id(session, ROOM)
    assert channel is not None
    assert (channel.seller_id, channel.state, channel.kind) == (shop.id, "connected", kind)
    assert make.sent_texts(session) == ["channel-connected"]

    assert not is_alive(session, code, now=NOW)
    assert not connect_by_code(session, code, posted(room=ROOM - 1), review=make.NO_REVIEW, now=NOW)
    assert by_telegram_id(session, ROOM - 1) is None


def test_missing_rights_are_named_as_after_the_usual_way(session: Session) -> None:
    assert connect_by_code(
        session, code_of(session, make.seller(session)), posted(()), review=make.NO_REVIEW, now=NOW
    )
    channel = by_telegram_id(session, ROOM)
    assert channel is not None
    assert (channel.state, channel.missing) == ("rights_missing", list(NEEDED_RIGHTS))
    assert make.sent_texts(session) == ["channel-rights-lost"]


def test_the_code_stays_the_same_until_it_is_used_or_soon_over(session: Session) -> None:
    shop = make.seller(session)
    first = show_code(session, shop, TOKEN, now=NOW)
    session.expire_all()
    assert show_code(session, shop, TOKEN, now=NOW + 10 * MINUTE) == first
    late = show_code(session, shop, TOKEN, now=NOW + 11 * MINUTE)
    assert late.words != first.words
    assert not is_alive(session, first.words, now=NOW + 11 * MINUTE)
    assert connect_by_code(session, late.words, posted(), review=make.NO_REVIEW, now=NOW + 12 * MINUTE)
    assert show_code(session, shop, TOKEN, now=NOW + 12 * MINUTE).words != late.words


def test_a_code_holds_for_fifteen_minutes(session: Session) -> None:
    code = code_of(session, make.seller(session))
    assert is_alive(session, code, now=NOW + LIFE - timedelta(seconds=1))
    assert not is_alive(session, code, now=NOW + LIFE)
    assert not connect_by_code(session, code, posted(), review=make.NO_REVIEW, now=NOW + LIFE)
    assert by_telegram_id(session, ROOM) is None


def test_codes_differ_by_shop_and_by_the_secret_and_only_hashes_are_kept(session: Session) -> None:
    one, other = make.seller(session), make.seller(session)
    codes = {code_of(session, one), code_of(session, other), show_code(session, one, "other", now=NOW).words}
    assert len(codes) == 3
    hashes = set(session.exec(select(ChannelCode.code_hash)))
    assert hashes < {token_hash(code) for code in codes}


def test_a_channel_of_another_shop_stays_there_and_the_poster_is_told(session: Session) -> None:
    room = make_members.channel(session, telegram_id=ROOM)
    owner = room.seller_id
    code = code_of(session, make.seller(session))
    assert connect_by_code(session, code, posted(()), review=make.NO_REVIEW, now=NOW)
    assert (room.seller_id, room.state) == (owner, "connected")
    assert make.sent_texts(session) == ["channel-connected", "channel-code-idle"]
    assert not is_alive(session, code, now=NOW)


def test_a_channel_of_the_same_shop_changes_nothing_and_says_so(session: Session) -> None:
    shop = make.seller(session)
    make_members.channel(session, shop, telegram_id=ROOM)
    assert connect_by_code(session, code_of(session, shop), posted(), review=make.NO_REVIEW, now=NOW)
    assert make.sent_texts(session) == ["channel-connected", "channel-code-idle"]


def test_only_an_open_shop_has_a_code_and_one_that_closes_connects_nothing(session: Session) -> None:
    shop = make.seller(session)
    code = code_of(session, shop)
    shop.status = "suspended"
    session.add(shop)
    with pytest.raises(Refused, match="shop-not-approved"):
        code_of(session, shop)
    connect_by_code(session, code, posted(), review=make.NO_REVIEW, now=NOW)
    assert by_telegram_id(session, ROOM) is None


def test_making_and_using_a_code_stand_in_the_audit_log_without_it(session: Session) -> None:
    shop = make.seller(session)
    code = code_of(session, shop)
    code_of(session, shop)
    connect_by_code(session, code, posted(), review=make.NO_REVIEW, now=NOW)
    entries = session.exec(select(AuditEntry).where(AuditEntry.subject == f"seller:{id_of(shop)}")).all()
    codes = [entry for entry in entries if entry.action.startswith("channel.code")]
    assert [entry.action for entry in codes] == ["channel.code_made", "channel.code_used"]
    assert {entry.actor for entry in codes} == {f"user:{shop.user_id}"}
    assert all(code not in str(entry.details) for entry in codes)


@pytest.mark.parametrize(
    ("words", "is_code"),
    [
        ("connect-0123456789abcdef01234567", True),
        (" Connect-0123456789ABCDEF01234567\n", True),
        ("my code: connect-0123456789abcdef01234567", False),
        ("connect-0123", False),
        ("", False),
    ],
)
def test_a_code_is_read_alone_in_a_message_only(words: str, is_code: bool) -> None:
    assert (read_code(words) == "connect-0123456789abcdef01234567") is is_code
