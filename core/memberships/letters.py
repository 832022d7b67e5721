"""What is written about memberships, as pure functions: where a member stands, with a way into each channel;
what is wrong with the lines of a seller's file."""

from collections.abc import Sequence
from typing import Literal

from core.kit.money import Money
from core.kit.rows import id_of
from core.kit.texts import money, plain, shorten, text
from core.memberships.admission import Admission, Place
from core.memberships.plan_changes import Target
from core.notifications.telegram_messages import LABEL_LIMIT, TITLE_LIMIT, link_button
from core.ports import Button, Message
from schemas.card_jobs import ChangePlan
from schemas.member_jobs import Occasion
from schemas.membership import Membership

LINES_SHOWN = 10
PlanRefusal = Literal["card", "less", "gone"]
"""Why a change is not made: the card was refused, more is left than is due, or it cannot be had any more."""


def admission(
    language: str,
    admitted: Admission,
    links: dict[int, str],
    occasion: Occasion,
    *,
    charged: Money | None = None,
) -> Message:
    """One message: until when, and a button for each channel by its id in `links`. `charged`: by card, when a
    trial is over."""
    membership = admitted.membership
    then = money(language, charged) if charged else ""
    head = text(language, f"admit-{occasion}", title=shorten(admitted.title, TITLE_LIMIT), then=then)
    lines = [head, _until(language, membership), *_doors(language, admitted.places, links)]
    rows = [
        [Button(shorten(plain(language, "button-join", channel=place.channel.title), LABEL_LIMIT), url=url)]
        for place in admitted.places
        if (url := links.get(place.channel.id or 0))
    ]
    return Message("\n\n".join(lines), [*rows, [_card_of(language, id_of(membership))]])


def card_portal(language: str, title: str, url: str) -> Message:
    """The way to Stripe's page of a member's card and invoices."""
    button = link_button(plain(language, "button-card-portal"), url)
    words = text(language, "card-portal", title=shorten(title, TITLE_LIMIT), link=url)
    return Message(words, [[button]] if button else [])


def plan_offer(language: str, title: str, target: Target, *, due: Money, taken: ChangePlan) -> Message:
    """What a change of plan costs now and from then on, with the button that agrees to it. `title`: the
    present plan's."""
    words = text(
        language,
        "plan-offer",
        title=shorten(title, TITLE_LIMIT),
        plan=shorten(target.title, TITLE_LIMIT),
        due=str(due),
        price=str(target.price),
        next=int(target.next_at.timestamp()),
    )
    data = f"plan_agree:{taken.membership_id}:{taken.plan_id}:{taken.prorated_at}:{taken.due}"
    yes = Button(plain(language, "button-plan-agree", amount=str(due)), data=data)
    return Message(words, [[yes], [_card_of(language, taken.membership_id)]])


def plan_refused(language: str, membership_id: int, title: str, why: PlanRefusal) -> Message:
    """Why a change of plan was not made, and what to do."""
    words = text(language, "plan-refused", plan=shorten(title, TITLE_LIMIT), why=why)
    portal = Button(plain(language, "button-card-portal"), data=f"card_portal:{membership_id}")
    rows = [[portal]] if why == "card" else []
    return Message(words, [*rows, [_card_of(language, membership_id)]])


def _card_of(language: str, membership_id: int) -> Button:
    return Button(plain(language, "button-membership"), data=f"member:{membership_id}")


def why_put_out(language: str, ended_for: str, words: str) -> str:
    """Why people ended a membership, for its holder to read: the reason, and their own words beside it."""
    if not ended_for:
        return words
    reason = plain(language, "put-out-reason", why=ended_for)
    return f"{reason} – {words}" if words else reason


def refused_lines(language: str, errors: Sequence[tuple[int, str]]) -> str:
    """What is wrong with the first lines of a file that was refused in part: (line, code of the error)."""
    return "\n".join(
        plain(language, "import-line", number=number, why=plain(language, f"error-{code}"))
        for number, code in errors[:LINES_SHOWN]
    )


def _until(language: str, membership: Membership) -> str:
    """A time that waits for the entry is said to wait, a lifetime to have no end."""
    if membership.ends_at is None:
        return text(language, "admit-at-entry" if membership.state == "pending" else "admit-lifetime")
    return text(language, "admit-until", ends=int(membership.ends_at.timestamp()))


def _doors(language: str, places: Sequence[Place], links: dict[int, str]) -> list[str]:
    outside = [place for place in places if place.channel.id in links]
    if not outside:
        return [text(language, "admit-inside")] if places else []
    one_use = any(place.invite is not None and place.invite.kind == "one_use" for place in outside)
    return [text(language, "admit-one-use" if one_use else "admit-request", count=len(outside))]
