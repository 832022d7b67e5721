"""Messages about a seller's plans: the list, one plan, its settings, the questions of a new one."""

from collections.abc import Collection, Sequence

from bot.keyboards import Rows, button, in_pairs, labelled
from bot.plan_input import NONE, read_length
from bot.screens.members import length
from core.kit.prices import amounts_of
from core.kit.texts import money_list, plain, shorten, text
from core.memberships.queries import PlanView
from core.notifications.telegram_messages import TITLE_LIMIT
from core.orders.shown_texts import newest
from core.ports import Button, Message
from schemas.membership import AccessCode, Channel

LENGTHS = ("30 days", "1 month", "3 months", "12 months", "lifetime")
"""On buttons; the words are those that `bot.plan_input.read_length` reads."""
CHOICES: dict[str, tuple[str, ...]] = {
    "length": LENGTHS,
    "recurring": ("yes", "no"),
    "trial_days": (NONE, "3", "7", "14"),
    "grace_days": (NONE, "0", "3", "5"),
    "places": (NONE, "50", "100", "500"),
    "audience": ("all", "newcomers", "active", "past", "code"),
    "joining": ("request", "one_use"),
    "starts": ("payment", "entry"),
    "title": (),
    "description": (),
}
"""The settings of a plan, with what is offered on buttons."""
OF_TIME = frozenset({"recurring", "trial_days", "grace_days", "starts"})
"""Those that a plan for ever has no use for."""
TYPED = frozenset({"length", "trial_days", "grace_days", "places", "title", "description"})
"""The settings that may be typed as well."""


def plans(language: str, views: Sequence[PlanView]) -> Message:
    """The shop's plans; a mark says which are on sale."""
    rows: Rows = [
        [button(f"{_mark(plan)} {shorten(plan.title, 45)} · {plan.members}", "my_plan", plan.product_id)]
        for plan in views
    ]
    rows.append([labelled(language, "new-plan", "plan_new")])
    rows.append(
        [labelled(language, "members-figures", "figures"), labelled(language, "my-channels", "my_channels")]
    )
    rows.append([labelled(language, "shop", "shop")])
    return Message(text(language, "my-plans", count=len(views)), rows)


def plan(language: str, view: PlanView) -> Message:
    """One plan as its seller sees it."""
    number = view.product_id
    state = _state(view)
    body = text(
        language,
        "my-plan",
        title=shorten(view.title, TITLE_LIMIT),
        state=_shown(view),
        price=money_list(language, amounts_of(view.prices)) or "—",
        term=length(language, view.terms),
        channels=", ".join(shorten(newest(channel), 40) for channel in view.channels) or "—",
        members=view.members,
    )
    turn = {"draft": "plan-publish", "open": "plan-pause", "paused": "plan-open"}.get(state)
    rows: Rows = [[labelled(language, turn, "plan_turn", number)]] if turn else []
    rows.append(
        [
            labelled(language, "plan-members", "plan_members", 1, number),
            labelled(language, "import", "import", number),
        ]
    )
    if state != "closed":
        rows.append(
            [
                labelled(language, "plan-edit", "plan_edit", number),
                labelled(language, "product", "plan", number),
            ]
        )
    if state in ("open", "paused"):
        rows.append([labelled(language, "plan-close", "plan_close", number)])
    rows.append([labelled(language, "my-plans", "my_plans")])
    return Message(body, rows)


def settings(language: str, view: PlanView) -> Message:
    """The settings of a plan: everything that can be changed, with what it is now."""
    fields = [field for field in CHOICES if view.terms.unit != "lifetime" or field not in OF_TIME]
    buttons = [
        button(plain(language, f"setting-{_dashed(field)}"), "plan_set", view.product_id, field)
        for field in fields
    ]
    rows = in_pairs(buttons)
    rows.append(
        [
            labelled(language, "prices", "prices", view.product_id),
            labelled(language, "set-channels", "plan_rooms", view.product_id),
        ]
    )
    if view.terms.audience == "code":
        rows.append([labelled(language, "set-codes", "plan_codes", view.product_id)])
    rows.append([labelled(language, "back-to-plan", "my_plan", view.product_id)])
    lines = [text(language, "plan-settings", title=shorten(view.title, TITLE_LIMIT))]
    lines += [
        text(
            language,
            "plan-setting",
            name=plain(language, f"setting-{_dashed(field)}"),
            value=_value(language, view, field),
        )
        for field in fields
        if field not in ("title", "description")
    ]
    return Message("\n".join(lines), rows)


def setting(language: str, plan_id: int, field: str) -> Message:
    """The question for one setting."""
    choices = [
        button(_choice(language, field, value), "plan_put", plan_id, field, value) for value in CHOICES[field]
    ]
    rows = in_pairs(choices)
    rows.append([labelled(language, "cancel", "plan_edit", plan_id)])
    return Message(text(language, f"ask-{_dashed(field)}"), rows)


def plan_channels(
    language: str, plan_id: int, channels: Sequence[Channel], chosen: Collection[int]
) -> Message:
    """Which channels a plan opens; a press takes or leaves one."""
    rows = [[_tick(channel, chosen, "plan_room", plan_id)] for channel in channels]
    rows.append([labelled(language, "back-to-plan", "my_plan", plan_id)])
    return Message(text(language, "ask-channels"), rows)


def codes(language: str, plan_id: int, codes: Sequence[AccessCode]) -> Message:
    """The codes of a plan; the next words make one more."""
    lines = [text(language, "codes-head", count=len(codes))]
    lines += [
        text(language, "code-line", code=code.code, uses=-1 if code.uses_left is None else code.uses_left)
        for code in codes[:20]
    ]
    lines.append(text(language, "codes-how"))
    return Message("\n".join(lines), [[labelled(language, "back-to-plan", "plan_edit", plan_id)]])


def question(language: str, name: str, rows: Rows | None = None) -> Message:
    """One question of a new plan."""
    return Message(text(language, name), [*(rows or []), [labelled(language, "cancel", "cancel")]])


def which_channels(language: str, channels: Sequence[Channel], chosen: Collection[int]) -> Message:
    """The question which channels a new plan opens."""
    rows = [[_tick(channel, chosen, "plan_pick")] for channel in channels]
    if chosen:
        rows.append([labelled(language, "next", "plan_picked")])
    return question(language, "ask-channels", rows)


def how_long(language: str) -> Message:
    """The question how long a new plan lasts."""
    choices = [button(_choice(language, "length", value), "plan_length", value) for value in LENGTHS]
    return question(language, "ask-length", [choices[:2], choices[2:4], choices[4:]])


def how_much(language: str, field: str) -> Message:
    """The question what a new plan costs in Stars, or on the site; either may be left out."""
    return question(language, f"ask-{field}", [[labelled(language, "skip", "plan_skip")]])


def closing(language: str, view: PlanView) -> Message:
    """The question whether a plan is really to be closed, which is for good."""
    rows = [
        [labelled(language, "plan-close-yes", "plan_closed", view.product_id)],
        [labelled(language, "back-to-plan", "my_plan", view.product_id)],
    ]
    title = shorten(view.title, TITLE_LIMIT)
    unit = view.terms.unit
    return Message(text(language, "plan-closing", title=title, members=view.members, unit=unit), rows)


def _value(language: str, view: PlanView, field: str) -> str:
    if field == "length":
        return length(language, view.terms)
    value = getattr(view.terms, field)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return _choice(language, field, NONE if value is None else str(value))


def _choice(language: str, field: str, value: str) -> str:
    """A value of a setting in words, without markup."""
    if field == "length":
        return length(language, read_length(value))
    count = int(value) if value.isdigit() else 0
    return plain(
        language,
        f"choice-{_dashed(field)}",
        value="number" if value.isdigit() else value,
        count=count,
    )


def _dashed(field: str) -> str:
    """The field's name as text ids write it."""
    return field.replace("_", "-")


def _tick(channel: Channel, chosen: Collection[int], name: str, *arguments: int) -> Button:
    mark = "✅" if channel.id in chosen else "⬜️"
    return button(f"{mark} {shorten(newest(channel), 50)}", name, *arguments, channel.id or 0)


def _state(view: PlanView) -> str:
    if view.status != "open":
        return view.status
    return "open" if view.published else "draft"


def _shown(view: PlanView) -> str:
    """The same, as its seller reads it: nothing is on sale in a closed shop."""
    state = _state(view)
    return "shop-closed" if state == "open" and not view.on_sale else state


def _mark(view: PlanView) -> str:
    return {"open": "🟢", "draft": "📝", "paused": "⏸"}.get(_shown(view), "⚪️")
