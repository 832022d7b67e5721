"""Telegram's words for how somebody stands to a channel, as ours."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pyrogram.raw import types

from core.ports import MemberStatus
from core.telegram.participants import status_of, until_of

NO_RIGHTS = types.ChatAdminRights()
PEER = types.PeerUser(user_id=5)


def banned(*, view_messages: bool, left: bool) -> types.ChannelParticipantBanned:
    rights = types.ChatBannedRights(until_date=0, view_messages=view_messages)
    return types.ChannelParticipantBanned(peer=PEER, kicked_by=1, date=0, banned_rights=rights, left=left)


@pytest.mark.parametrize(
    ("participant", "status"),
    [
        (types.ChannelParticipant(user_id=5, date=0), "member"),
        (types.ChannelParticipantSelf(user_id=5, inviter_id=1, date=0), "member"),
        (
            types.ChannelParticipantAdmin(user_id=5, promoted_by=1, date=0, admin_rights=NO_RIGHTS),
            "administrator",
        ),
        (types.ChannelParticipantCreator(user_id=5, admin_rights=NO_RIGHTS), "creator"),
        (types.ChannelParticipantLeft(peer=PEER), "left"),
        (banned(view_messages=True, left=True), "banned"),
        (banned(view_messages=False, left=False), "restricted"),
        (banned(view_messages=False, left=True), "left"),
        (None, "left"),
    ],
)
def test_each_kind_of_participant_has_its_status(participant: Any, status: MemberStatus) -> None:
    assert status_of(participant) == status


def test_a_paid_subscription_to_the_channel_has_its_end() -> None:
    end = datetime(2026, 12, 20, tzinfo=UTC)
    paid = types.ChannelParticipant(user_id=5, date=0, subscription_until_date=int(end.timestamp()))
    assert until_of(paid) == end
    assert until_of(types.ChannelParticipant(user_id=5, date=0)) is None
    assert until_of(None) is None
