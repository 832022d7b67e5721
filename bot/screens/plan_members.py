"""Messages about a seller's members: who they are, how many, what they paid, who left."""

from collections.abc import Mapping, Sequence

from bot.keyboards import Rows, button, labelled, pager
from bot.screens.put_out import member_buttons, state_of
from core.kit.pagination import Page
from core.kit.texts import money_list, plain, shorten, text
from core.memberships.imports import Reading
from core.memberships.letters import refused_lines
from core.memberships.queries import PlanView
from core.memberships.seller_figures import Churn, Revenue
from core.memberships.shop_members import MemberLine
from core.notifications.telegram_messages import TITLE_LIMIT
from core.orders.shown_texts import newest
from core.ports import Message


def members(language: str, plan: PlanView, page: Page[MemberLine]) -> Message:
    """The members of a plan, newest first."""
    number = plan.product_id
    rows: Rows = member_buttons(language, page.items)
    rows.append(pager(page.number, page.pages, "plan_members", number))
    for channel in plan.channels:
        label = plain(language, "button-differences-in", channel=newest(channel))
        rows.append([button(label, "differences", channel.id or 0)])
    rows.append(
        [
            labelled(language, "import", "import", number),
            labelled(language, "back-to-plan", "my_plan", number),
        ]
    )
    title = shorten(plan.title, TITLE_LIMIT)
    if not page.total:
        return Message(text(language, "plan-members-none", title=title), rows)
    lines = [text(language, "plan-members", title=title, count=page.total)]
    lines += [_member(language, line) for line in page.items]
    return Message("\n".join(lines), rows)


def import_question(language: str, plan_id: int) -> Message:
    """The question for the file of an import, with how it must look."""
    return Message(text(language, "import-question"), [[labelled(language, "cancel", "my_plan", plan_id)]])


def import_begun(language: str, plan_id: int, reading: Reading) -> Message:
    """How many lines can be imported, and what is wrong with the others."""
    body = text(
        language,
        "import-begun",
        count=len(reading.lines),
        errors=len(reading.errors),
        lines=refused_lines(language, reading.errors),
    )
    return Message(body, [[labelled(language, "plan-members", "plan_members", 1, plan_id)]])


def figures(
    language: str, states: Mapping[str, int], revenue: Sequence[Revenue], churn: Sequence[Churn]
) -> Message:
    """Members by state, and what was paid, who came and who left in each month that had any of it."""
    lines = [text(language, "figures-head", count=sum(states.values()))]
    lines += [
        text(language, "figures-state", state=plain(language, f"member-state-{state}"), count=count)
        for state, count in states.items()
        if count
    ]
    for month in reversed(churn):
        paid = money_list(language, [line.money for line in revenue if line.month == month.month])
        if not (paid or month.members or month.gained or month.lost):
            continue
        lines.append(
            text(
                language,
                "figures-month",
                month=f"{month.month:%m/%Y}",
                paid=paid or "—",
                members=month.members,
                gained=month.gained,
                lost=month.lost,
                rate="" if month.rate is None else f"{100 * month.rate:.0f}",
            )
        )
    return Message("\n".join(lines), [[labelled(language, "my-plans", "my_plans")]])


def _member(language: str, line: MemberLine) -> str:
    return text(
        language,
        "plan-member",
        name=shorten(f"{line.name} (@{line.username})" if line.username else line.name, 60),
        state=state_of(language, line),
        ends=int(line.ends_at.timestamp()) if line.ends_at else 0,
    )
