"""Questions to e-mail addresses are counted by who asks and by whom they reach."""

import asyncio

import fakeredis
import pytest

from core.notifications.mail_limit import count_question
from core.process.limiter import Limiter, TooMany
from core.process.limits import MAILS


def test_neither_one_person_nor_many_can_have_an_address_written_to_again_and_again() -> None:
    asyncio.run(_ask_again_and_again())


async def _ask_again_and_again() -> None:
    limiter = Limiter(fakeredis.FakeAsyncRedis())
    for number in range(MAILS.most):
        await count_question(limiter, f"user:{number}", "Awa@example.org")
    with pytest.raises(TooMany):
        await count_question(limiter, "user:another", "awa@example.org")
    for number in range(MAILS.most):
        await count_question(limiter, "user:one", f"{number}@example.org")
    with pytest.raises(TooMany):
        await count_question(limiter, "user:one", "new@example.org")
