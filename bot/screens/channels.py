"""Messages about a seller's channels: their state, missing rights, events, and who should not be in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil

from bot.keyboards import Rows, button, labelled, pager
from core.kit.pagination import Page
from core.kit.texts import plain, shorten, text
from core.memberships.channel_codes import ShownCode
from core.memberships.channels import EventLine
from core.orders.shown_texts import newest
from core.ports import NEEDED_RIGHTS, Button, Message
from core.telegram.deep_links import bot_address
from schemas.membership import Channel, ChannelState

ADMIN = "invite_users+restrict_members"
"""The rights that Telegram proposes when the bot is added (core.telegram.org/api/links#bot-links)."""
STEPS = 4  # of the guide; one picture each
MARKS: dict[ChannelState, str] = {"connected": "🟢", "rights_missing": "🟠", "gone": "🔴"}
SHOWN = 15  # people in a list of differences


def channels(language: str, own: Sequence[Channel], bot_username: str) -> Message:
    """The shop's channels, and the ways to connect one more."""
    rows: Rows = [
        [button(f"{MARKS[channel.state]} {shorten(newest(channel), 50)}", "channel", channel.id or 0)]
        for channel in own
    ]
    rows += connect_buttons(language, bot_username)
    rows.append([labelled(language, "channel-code", "channel_code")])
    rows.append([labelled(language, "guide", "rights_guide"), labelled(language, "shop", "shop")])
    words = [text(language, "channels-head", count=len(own)), text(language, "channels-anonymous")]
    return Message("\n\n".join(words), rows)


def connecting_code(language: str, code: ShownCode, *, now: datetime) -> Message:
    """The code to post in a channel, and each step of it."""
    minutes = ceil((code.expires_at - now).total_seconds() / 60)
    rows: Rows = [
        [labelled(language, "guide", "rights_guide")],
        [labelled(language, "my-channels", "my_channels")],
    ]
    return Message(text(language, "channel-code", code=code.words, minutes=minutes), rows)


def connect_buttons(language: str, bot_username: str) -> Rows:
    """Telegram's own question where to add the bot, with the rights already chosen."""
    address = bot_address(bot_username)
    return [
        [Button(plain(language, "button-add-channel"), url=f"{address}?startchannel&admin={ADMIN}")],
        [Button(plain(language, "button-add-group"), url=f"{address}?startgroup&admin={ADMIN}")],
    ]


def channel(language: str, row: Channel, plans: int, differences: int) -> Message:
    """One channel: each right by its name, given or missing, and what to do about it."""
    number = row.id or 0
    lines = [text(language, "channel-head", title=newest(row), state=row.state)]
    if row.title_waiting is not None:
        state = "held" if row.title_held_at else "refused"
        lines.append(text(language, "channel-title-waiting", shown=row.title, state=state))
    if row.state != "gone":
        lines.append(
            "\n".join(
                text(language, f"right-{right}", given="no" if right in row.missing else "yes")
                for right in NEEDED_RIGHTS
            )
        )
    lines.append(text(language, "channel-figures", plans=plans, differences=differences))
    lines.append(text(language, "channel-enforcement", mode=row.enforcement))
    other = "act" if row.enforcement == "list" else "list"
    rows: Rows = [[labelled(language, "check-again", "channel_check", number)]]
    if row.state != "connected":
        rows.append([labelled(language, "guide", "rights_guide")])
    rows += [
        [
            labelled(language, "differences", "differences", number),
            labelled(language, "events", "channel_events", 1, number),
        ],
        [labelled(language, f"enforce-{other}", "enforce", number, other)],
        [labelled(language, "my-channels", "my_channels")],
    ]
    return Message("\n\n".join(lines), rows)


def enforcing(language: str, row: Channel) -> Message:
    """The question whether people without a membership are really to be removed from now on."""
    rows: Rows = [
        [labelled(language, "enforce-yes", "enforced", row.id or 0)],
        [labelled(language, "back-to-channel", "channel", row.id or 0)],
    ]
    return Message(text(language, "channel-enforcing", title=newest(row)), rows)


def guide_caption(language: str, step: int) -> str:
    """What is to be done in one step of the guide, as HTML under its picture."""
    return text(language, f"guide-{step}")


def guide_end(language: str, bot_username: str) -> Message:
    """After the pictures: the buttons that do the first steps by themselves."""
    rows = connect_buttons(language, bot_username)
    rows.append([labelled(language, "my-channels", "my_channels")])
    return Message(text(language, "guide-end"), rows)


def events(language: str, page: Page[EventLine], channel_id: int, names: Mapping[int, str]) -> Message:
    """What happened in a channel and what was done about it; `names` of people by Telegram id."""
    rows: Rows = [pager(page.number, page.pages, "channel_events", channel_id)]
    rows.append([labelled(language, "channel", "channel", channel_id)])
    if not page.total:
        return Message(text(language, "events-none"), rows)
    lines = [text(language, "events-head", count=page.total)]
    lines += [_event(language, line, names) for line in page.items]
    return Message("\n\n".join(lines), rows)


def differences(
    language: str,
    row: Channel,
    strangers: Sequence[int],
    missing: Sequence[tuple[str, str]],
    names: Mapping[int, str],
) -> Message:
    """Who is in a channel without a membership (`strangers`), and who should be in and is not (`missing`).

    `missing` are names and their plans; `names` are of people by Telegram id, as far as they are known.
    """
    rows = [
        [labelled(language, "events", "channel_events", 1, row.id or 0)],
        [labelled(language, "channel", "channel", row.id or 0)],
    ]
    if not (strangers or missing):
        return Message(text(language, "differences-none", title=newest(row)), rows)
    lines = [text(language, "differences-head", title=newest(row), mode=row.enforcement)]
    if strangers:
        lines.append(text(language, "differences-strangers", count=len(strangers)))
        lines += [
            "• " + text(language, "differences-stranger", id=str(number), name=_name(number, names))
            for number in strangers[:SHOWN]
        ]
    if missing:
        lines.append(text(language, "differences-missing", count=len(missing)))
        lines += [
            "• " + text(language, "differences-member", name=shorten(name, 60), plan=shorten(plan, 60))
            for name, plan in missing[:SHOWN]
        ]
    return Message("\n".join(lines), rows)


def _name(number: int, names: Mapping[int, str]) -> str:
    return shorten(names.get(number) or str(number), 60)


def _event(language: str, line: EventLine, names: Mapping[int, str]) -> str:
    who = names.get(line.telegram_id or 0) or line.details.get("name") or line.telegram_id or ""
    return text(
        language,
        "event-line",
        when=int(line.at.timestamp()),
        kind=line.kind,
        who=shorten(str(who), 60),
        done=_done(line),
    )


def _done(line: EventLine) -> str:
    """What was done about it, as a key of the text."""
    if line.details.get("kept_out"):
        return "kept-out"
    if line.details.get("admin"):
        return "admin"
    if line.details.get("banned"):
        return "banned"
    if line.details.get("removed"):
        return "removed" if line.resolved_at else "removing"
    return "settled" if line.resolved_at else "none"
