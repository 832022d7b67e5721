"""What a driver does to the sandbox itself: faults, the clock, counters."""

from typing import Any

from scripts.sandbox.telegram.faults import Faults
from scripts.sandbox.telegram.subscriptions import settle
from scripts.sandbox.telegram.verbs import verb
from scripts.sandbox.telegram.views import describe_message
from scripts.sandbox.telegram.world import World


@verb
def fail_next(world: World, method: str, code: int, reason: str, times: int) -> None:
    world.faults.fail_next(method, code, reason, times)


@verb
def flood_wait(world: World, seconds: int, times: int, share: float, method: str | None) -> None:
    world.faults.flood(seconds, times, share, method)


@verb
def set_limit(world: World, per_second: int | None, method: str | None) -> None:
    world.faults.set_limit(per_second, method)


@verb
def delay_next(world: World, method: str, seconds: float, times: int) -> None:
    world.faults.delays[method.lower()].extend([seconds] * times)


@verb
def hold_in_flight(world: World, seconds: float, times: int) -> None:
    world.faults.in_flight.extend([seconds] * times)


@verb
def drop_before_answer(world: World, method: str, times: int) -> None:
    world.faults.lost_answers[method.lower()] += times


@verb
def drop_connections(world: World, forget: bool) -> int:
    return world.wire.drop_connections(forget=forget)


@verb
async def outage(world: World) -> None:
    await world.wire.stop()


@verb
async def restart(world: World) -> None:
    """Listen again on the same port, with everything that was known."""
    await world.wire.stop()
    await world.wire.start(world.wire.port)


@verb
def clear_faults(world: World) -> None:
    world.faults = Faults()


@verb
def advance(world: World, seconds: int) -> None:
    world.clock_shift += seconds
    settle(world)


@verb
def set_answer_seconds(world: World, seconds: float) -> None:
    world.answer_seconds = seconds


@verb
def counts(world: World) -> Any:
    """Messages sent, bytes of files, calls by method, connections, bugs, and calls nobody serves."""
    return {
        "file_bytes": world.file_bytes,
        "listener_file_bytes": world.listener_file_bytes,
        "sent": sum(bot.sent for bot in world.bots.values()),
        "calls": dict(world.calls),
        "connections": len(world.wire.links),
        "bugs": list(world.wire.bugs),
        "missing": list(world.missing),
    }


@verb
def duplicates(world: World) -> Any:
    """Messages with the same content that one person got more than once, each time it was seen."""
    repeated = {key for key, times in world.seen.items() if times > 1}
    return [
        {"person": person, **describe_message(entry)}
        for person in {person for person, _ in repeated}
        for entry in world.chats[person]
        if entry.outgoing and (person, entry.digest) in repeated
    ]


@verb
def reached(world: World, text: str) -> Any:
    """How many messages containing this text each person has got, as [person, count] pairs."""
    counts: dict[int, int] = {}
    for person, entries in world.chats.items():
        times = sum(1 for e in entries if e.outgoing and text in (getattr(e.raw, "message", None) or ""))
        if times:
            counts[person] = times
    return list(counts.items())


@verb
def refunds(world: World) -> Any:
    return [charge for charge, record in world.charges.items() if record["refunded"]]


@verb
def bot_settings(world: World, bot: int) -> Any:
    """The commands by language, of everybody and by chat, and menu buttons by person (0: the default)."""
    account = next(b for b in world.bots.values() if b.id == bot)
    return {
        "commands": _names(account.commands),
        "chat_commands": [[chat, _names(lists)] for chat, lists in account.chat_commands.items() if lists],
        "menus": [[person, type(button).__name__] for person, button in account.menus.items()],
    }


def _names(lists: dict[str, list[Any]]) -> dict[str, list[str]]:
    return {language: [command.command for command in commands] for language, commands in lists.items()}
