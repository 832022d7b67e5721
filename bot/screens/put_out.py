"""Messages about one member, for their seller and for staff: putting out, letting in again."""

from collections.abc import Sequence

from bot.keyboards import Rows, button, labelled, pager
from core.kit.pagination import Page
from core.kit.texts import plain, shorten, text
from core.memberships.putting_out import REASONS, WORDS_LIMIT
from core.memberships.shop_members import MemberLine
from core.ports import Button, Message

NAME_LIMIT = 60


def question(language: str) -> Message:
    """How to look for a member."""
    return Message(text(language, "members-question"))


def matches(language: str, page: Page[MemberLine], words: str) -> Message:
    """The memberships that match, each with a button."""
    rows: Rows = [pager(page.number, page.pages, "members", words), *member_buttons(language, page.items)]
    if not page.total:
        return Message(text(language, "members-none"))
    return Message(text(language, "members-found", count=page.total), rows)


def member_buttons(language: str, lines: Sequence[MemberLine]) -> list[list[Button]]:
    """A button for each membership."""
    return [
        [button(f"👤 {shorten(one.name, 30)} · {state_of(language, one)}", "plan_member", one.membership_id)]
        for one in lines
    ]


def member(language: str, line: MemberLine) -> Message:
    """One membership as its seller and staff see it, with what they may do."""
    parts = [
        text(
            language,
            "member-of-plan",
            name=name_of(line),
            plan=shorten(line.plan, NAME_LIMIT),
            state=state_of(language, line),
            ends=int(line.ends_at.timestamp()) if line.ends_at else 0,
        )
    ]
    if line.ended_by:
        parts.append(text(language, "member-of-plan-ended", by=line.ended_by, why=line.ended_for))
    if line.barred:
        parts.append(text(language, "member-of-plan-barred"))
    act = labelled(language, "let-in", "let_in", line.membership_id)
    if not line.barred:
        act = labelled(language, "put-out", "put_out", line.membership_id)
    back = labelled(language, "plan-members", "plan_members", 1, line.plan_id)
    return Message("\n".join(parts), [[act], [back]])


def reasons(language: str, line: MemberLine) -> Message:
    """The question why somebody is to be put out."""
    rows: Rows = [
        [button(plain(language, "put-out-choice", why=why), "put_out_for", line.membership_id, why)]
        for why in REASONS
    ]
    rows.append([labelled(language, "cancel", "plan_member", line.membership_id)])
    return Message(text(language, "put-out-question", name=name_of(line)), rows)


def confirm(language: str, line: MemberLine, why: str) -> Message:
    """The last question before somebody is put out."""
    rows: Rows = [
        [labelled(language, "put-out-now", "put_out_now", line.membership_id, why)],
        [labelled(language, "put-out-words", "put_out_words", line.membership_id, why)],
        [labelled(language, "cancel", "plan_member", line.membership_id)],
    ]
    return Message(text(language, "put-out-confirm", name=name_of(line), why=why), rows)


def words_question(language: str, line: MemberLine, why: str) -> Message:
    """The question for words beside the reason; sending them is the confirmation."""
    rows: Rows = [[labelled(language, "cancel", "plan_member", line.membership_id)]]
    return Message(text(language, "put-out-words", name=name_of(line), why=why, limit=WORDS_LIMIT), rows)


def name_of(line: MemberLine) -> str:
    """What a member is called here."""
    return shorten(f"{line.name} (@{line.username})" if line.username else line.name, NAME_LIMIT)


def state_of(language: str, line: MemberLine) -> str:
    """Where a member stands, in words."""
    return plain(language, f"member-state-{'lifetime' if line.is_endless else line.state}")
