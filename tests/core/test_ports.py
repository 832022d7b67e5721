"""The adapters of workers are what the ports of core promise."""

from inspect import signature
from typing import Any

import pytest

from core import ports
from core.notifications.letters import Mailer
from core.payments.rails.port import PaymentProvider
from workers.mail import SmtpMailer
from workers.nowpayments import NowPayments
from workers.store import S3Store
from workers.telegram.channels import TelegramChannels
from workers.telegram.messenger import TelegramMessenger

ADAPTERS: list[tuple[Any, Any]] = [
    (ports.ObjectStore, S3Store),
    (ports.Messenger, TelegramMessenger),
    (ports.ChannelGateway, TelegramChannels),
    (PaymentProvider, NowPayments),
    (Mailer, SmtpMailer),
]


def promised(port: Any) -> list[str]:
    return [name for name, member in vars(port).items() if callable(member) and not name.startswith("_")]


@pytest.mark.parametrize(("port", "adapter"), ADAPTERS, ids=lambda value: value.__name__)
def test_an_adapter_takes_what_its_port_says(port: Any, adapter: Any) -> None:
    names = promised(port)
    assert names
    for name in names:
        assert list(signature(getattr(adapter, name)).parameters) == list(
            signature(getattr(port, name)).parameters
        ), name
