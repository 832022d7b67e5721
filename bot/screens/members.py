"""Messages for members: the card of a plan, their memberships, and what can be done with each."""

from collections.abc import Sequence
from dataclasses import replace

from bot.keyboards import Rows, button, labelled
from bot.screens.catalogue import CARD_LIMIT, pay_buttons, price_line, share_button, with_price
from core.kit.texts import money, parsed_length, plain, shorten, text
from core.memberships.offers import PlanOffer
from core.memberships.plan_changes import Target
from core.memberships.plans import Terms
from core.memberships.queries import Card
from core.notifications.telegram_messages import TITLE_LIMIT, support_button
from core.payments.offers import Offers
from core.ports import Message

NOTED = (
    "barred",
    "already-lifetime",
    "plan-closed",
    "plan-over",
    "plan-full",
    "plan-audience",
    "plan-code-needed",
)
"""Refusals that the card of a plan explains; of the others the membership itself tells."""
CARD_LINES = {"active": "member-charged-card", "past_due": "member-failed-card", "paused": "member-held-card"}
"""What is said of the payment card by which a membership is charged, by its state."""


def plan_card(language: str, offer: PlanOffer, *, bot_username: str) -> Message:
    """A plan with what this person may do: subscribe, try, renew, or why not."""
    plan = offer.plan
    rows: Rows = []
    if offer.own:
        rows.append([labelled(language, "manage", "my_plan", plan.product_id)])
    if offer.trial_days:
        label = plain(language, "button-trial", days=offer.trial_days)
        rows.append([button(label, "trial", plan.product_id)])
    rows += ways_to_pay(language, offer)
    rows += _others(language, offer)
    if offer.refused == "plan-code-needed":
        rows.append([labelled(language, "code", "code", plan.product_id)])
    if offer.card is not None:
        rows.append([labelled(language, "membership", "member", offer.card.membership_id)])
    rows.append([labelled(language, "seller", "seller_of", plan.product_id)])
    rows.append(
        [
            share_button(language, plan.slug, plan.title, bot_username),
            labelled(language, "catalogue", "page", 1),
        ]
    )
    return Message(_plan_text(language, offer), rows)


def _others(language: str, offer: PlanOffer) -> Rows:
    """A button for each other term of the same, with its price here."""
    rows: Rows = []
    for choice, offers in offer.choices:
        other = choice.product
        if other.id != offer.plan.product_id:
            term = plain(language, choice.term.text, **choice.term.params)
            rows.append([button(with_price(language, f"{term} · {other.title}", offers), "plan", other.id)])
    return rows


def ways_to_pay(language: str, offer: PlanOffer) -> Rows:
    """One button for each way in which this person can pay the plan."""
    card = offer.card
    again = card is not None and card.state != "trialing"
    label = "button-renew-for" if again else "button-subscribe"
    return pay_buttons(language, offer.offers, label) if offer.rails else []


def length(language: str, terms: Terms) -> str:
    """How long a plan lasts, in words without markup."""
    until = int(terms.until.timestamp()) if terms.until else 0
    return plain(language, "plan-length", unit=terms.unit, count=terms.count, until=until)


def code_question(language: str) -> Message:
    """The question for an access code."""
    return Message(text(language, "code-question"), [[labelled(language, "cancel", "cancel")]])


def memberships(language: str, cards: Sequence[Card]) -> Message:
    """All memberships of a person, those that run first."""
    if not cards:
        return Message(text(language, "status-none"), [[labelled(language, "catalogue", "page", 1)]])
    lines = [text(language, "status-head", count=len(cards))]
    lines += [_summary(language, card) for card in cards]
    rows = [[button(f"🎫 {shorten(card.title, 50)}", "member", card.membership_id)] for card in cards]
    return Message("\n\n".join(lines), rows)


def to_renew(language: str, cards: Sequence[Card]) -> Message:
    """The memberships that can be renewed, to choose one."""
    if not cards:
        rows = [
            [labelled(language, "memberships", "memberships")],
            [labelled(language, "catalogue", "page", 1)],
        ]
        return Message(text(language, "renew-none"), rows)
    rows = [[button(f"🔁 {shorten(card.title, 50)}", "renew", card.membership_id)] for card in cards]
    return Message(text(language, "renew-which"), rows)


def to_cancel(language: str, cards: Sequence[Card]) -> Message:
    """The memberships that can be cancelled; a press does it, and can be taken back."""
    rows = [[button(f"✖️ {shorten(card.title, 50)}", "unsubscribe", card.membership_id)] for card in cards]
    rows.append([labelled(language, "memberships", "memberships")])
    return Message(text(language, "cancel-which"), rows)


def membership(language: str, card: Card) -> Message:
    """One membership: where it stands, where it lets in, and what can be done with it."""
    lines = [_summary(language, card)]
    places = [
        text(
            language, "member-place", channel=shorten(place.title, 80), inside="yes" if place.inside else "no"
        )
        for place in card.channels
    ]
    if places and card.state not in ("expired", "revoked"):
        lines.append("\n".join(places))
    if card.subscription:
        lines.append(text(language, "member-charged"))
    if card.by_card and card.state in CARD_LINES:
        lines.append(text(language, CARD_LINES[card.state]))
    if card.then is not None:
        lines.append(text(language, "member-trial-card", then=money(language, card.then)))
    return Message("\n\n".join(lines), _acts(language, card))


def renewal(language: str, offer: PlanOffer) -> Message:
    """The ways to pay for more time, or why there is none."""
    title = shorten(offer.plan.title, TITLE_LIMIT)
    rows = ways_to_pay(language, offer)
    if not rows:
        rows = [[labelled(language, "catalogue", "page", 1)], [support_button(language)]]
        return Message(text(language, "renew-not", title=title), rows)
    term = length(language, offer.plan.terms)
    return Message(text(language, "renew-how", title=title, term=term), rows)


def plan_targets(language: str, membership_id: int, targets: Sequence[Target]) -> Message:
    """The plans that somebody may change to, with what each costs."""
    rows = [
        [button(f"{shorten(one.title, 40)} · {one.price}", "plan_preview", membership_id, one.plan_id)]
        for one in targets
    ]
    rows.append([labelled(language, "membership", "member", membership_id)])
    return Message(text(language, "plan-change-which"), rows)


def site_instead(language: str, title: str, offers: Offers) -> Message:
    """The ways to pay on the site where Stars fail (D18), as far as the chat may lead there."""
    rows = pay_buttons(language, replace(offers, here=()), "button-buy-on-site")
    name = "stars-fail-site" if rows else "stars-fail"
    return Message(
        text(language, name, title=shorten(title, TITLE_LIMIT)), [*rows, [support_button(language)]]
    )


def _acts(language: str, card: Card) -> Rows:
    number = card.membership_id
    outside = any(not place.inside for place in card.channels)
    possible = (
        (card.can_enter and outside, "enter", "enter"),
        (card.can_renew, "subscribe-now" if card.source == "trial" else "renew", "renew"),
        (card.can_resume, "resume", "resume"),
        (card.can_undo, "keep", "keep"),
        (card.can_change, "plan-change", "plan_change"),
        (card.can_pause, "pause", "pause"),
        (card.can_cancel, "unsubscribe", "unsubscribe"),
        (card.by_card, "card-portal", "card_portal"),
    )
    rows: Rows = [[labelled(language, label, name, number)] for able, label, name in possible if able]
    rows.append([labelled(language, "memberships", "memberships"), support_button(language)])
    return rows


def _summary(language: str, card: Card) -> str:
    return text(
        language,
        "member-summary",
        title=shorten(card.title, TITLE_LIMIT),
        seller=shorten(card.seller_name, 60),
        state="lifetime" if card.is_endless else card.state,
        days=card.days_left,
        ends=int(card.ends_at.timestamp()) if card.ends_at else 0,
        deadline=int(card.access_until.timestamp()) if card.access_until else 0,
        reason=shorten(card.reason, 300),
        charged="yes" if card.then else "no",
    )


def _plan_text(language: str, offer: PlanOffer) -> str:
    plan, terms = offer.plan, offer.plan.terms
    head = text(
        language, "plan-head", title=shorten(plan.title, TITLE_LIMIT), seller=shorten(plan.seller_name, 60)
    )
    # The price says for how long.
    facts = [text(language, fact.text, **fact.params) for fact in offer.facts if fact.text != "plan-access"]
    prices, term = price_line(language, offer.offers), length(language, terms)
    facts.insert(1, text(language, "plan-price" if prices else "plan-length-only", prices=prices, term=term))
    if terms.recurring:
        facts.insert(2, text(language, "plan-recurring"))
    if offer.trial_days:
        facts.append(text(language, "plan-trial", days=offer.trial_days))
    if plan.places_left is not None and not offer.card:
        facts.append(text(language, "plan-places", count=plan.places_left))
    note = ""
    if offer.refused in NOTED:
        note = text(language, "plan-note", why=offer.refused, audience=terms.audience)
    elif not (offer.own or offer.card or offer.rails):
        note = text(language, "product-not-for-sale-here")
    rest = "\n\n".join(part for part in ("\n".join(facts), note) if part)
    room = CARD_LIMIT - parsed_length(head) - parsed_length(rest)
    about = text(language, "product-description", words=shorten(plan.description, max(room, 1)))
    return "\n\n".join(part for part in (head, about if plan.description else "", rest) if part)
