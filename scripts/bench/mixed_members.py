"""Memberships as kinds of job: people buy access and are let in; memberships end, and mail says so."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import text

from schemas.base import utc_now
from scripts.bench.members_channel import PLAN, PaidChannel, says
from scripts.bench.mixed_kinds import Owed, once
from scripts.sandbox.mail import MailServer
from scripts.sandbox.telegram.driver import Person

SPREAD = 2.0  # seconds over which they end

ADDRESSES = text(
    """
    INSERT INTO mail_address (user_id, address, issue, confirmed_at, created_at)
    SELECT id, 'member-' || telegram_id || '@mail.test', 1, now(), now()
    FROM person WHERE telegram_id = ANY (CAST(:numbers AS bigint[]))
    """
)


def bought(paid_channel: PaidChannel, buyers: Sequence[Person]) -> Owed:
    """Payments of the plan, each of which owes a link into the channel."""
    paid_channel.sales.sell(buyers)
    words, reached = says("admit-paid", title=PLAN), paid_channel.system.telegram.remote.reached
    return Owed("links into the channel", once(person.id for person in buyers), lambda: reached(words))


def ending(paid_channel: PaidChannel, mail: MailServer, number: int) -> list[Owed]:
    """So many members whose time is over: each has to be removed, told by the bot, and written to by mail."""
    people = paid_channel.members(number, first=utc_now(), spread=SPREAD)
    numbers = [person.id for person in people]
    with paid_channel.system.database.engine.begin() as connection:
        connection.execute(ADDRESSES, {"numbers": numbers})
    words, reached = says("member-expired", title=PLAN), paid_channel.system.telegram.remote.reached
    return [
        Owed("members put out", once(numbers), lambda: _put_out(paid_channel)),
        Owed("members told of the end", once(numbers), lambda: reached(words)),
        Owed("mails", once(f"member-{number}@mail.test" for number in numbers), lambda: _mailed(mail)),
    ]


def _put_out(paid_channel: PaidChannel) -> dict[int, int]:
    return Counter(change["person"] for change in paid_channel.changes() if change["after"] == "banned")


def _mailed(mail: MailServer) -> dict[str, int]:
    """Letters by address. One that is sent again under its own Message-ID, since its taking was not heard
    of, is the same letter (RFC 5321, 4.5.4.1)."""
    letters = {
        (address, letter["Message-ID"]) for address, letter in zip(mail.addresses, mail.letters, strict=True)
    }
    return Counter(address for address, _ in letters)
