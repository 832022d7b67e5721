"""Messages for staff about what is tried once more."""

from bot.keyboards import Rows, button, labelled
from core.kit.names import number_of
from core.kit.texts import plain, text
from core.payments.event_replay import EventLine
from core.payments.second_try import SecondTry
from core.ports import Message


def order_tried(language: str, order_id: int, done: SecondTry) -> Message:
    """What begins again for an order."""
    text_id = "tried-again" if done.events or done.jobs else "tried-again-nothing"
    words = text(language, text_id, number=number_of(order_id), events=done.events, jobs=done.jobs)
    return Message(words, [[labelled(language, "order", "order", order_id)]])


def events(language: str, lines: list[EventLine]) -> Message:
    """Events that fit no order or were refused, newest first, each to be tried again."""
    if not lines:
        return Message(text(language, "staff-events-none"))
    rows: Rows = []
    parts = [text(language, "staff-events")]
    for place, line in enumerate(lines, start=1):
        order = number_of(line.order_id) if line.order_id else ""
        parts.append(
            text(
                language,
                "staff-event-line",
                place=place,
                provider=line.provider,
                state=plain(language, f"event-{line.state}"),
                outcome=line.outcome or "–",
                order=order,
                when=int(line.received_at.timestamp()),
            )
        )
        rows.append([button(plain(language, "button-try-event", place=place), "event_again", str(line.id))])
    return Message("\n\n".join(parts), rows)


def event_tried(language: str) -> Message:
    """One event is on its way."""
    rows = [[labelled(language, "provider-events", "provider_events")]]
    return Message(text(language, "event-tried"), rows)
