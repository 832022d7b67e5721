"""Sends what was bought: the messages with its download links."""

from core.notifications.telegram_messages import Occasion, delivery
from core.orders.delivery_contents import DeliveryContents, DeliveryFile, LinkOptions
from core.ports import Identity
from core.process.settings import Settings
from workers.run import Run
from workers.services import Services

DIRECT_LIFE = 86_400
"""Seconds that the store's own address in a message lives: it cannot be revoked, so never longer."""


def link_options(settings: Settings) -> LinkOptions:
    """How this installation makes its links, by the settings. Raises `SettingError` without LINK_SECRET."""
    settings.require("link_secret")
    direct = not settings.public_url
    return LinkOptions(
        secret=settings.link_secret,
        ttl=min(settings.link_ttl, DIRECT_LIFE) if direct else settings.link_ttl,
        max_downloads=settings.link_max_downloads,
        direct=direct,
    )


def send_delivery(run: Run, contents: DeliveryContents, occasion: Occasion) -> None:
    """Send all messages of a delivery; sent again by another attempt of the job, they are seen once."""
    services = run.services
    options = link_options(services.settings)
    life, pages = options.ttl, not options.direct
    files = [(file.name, file.size, _address(services, file, life)) for file in contents.files]
    messages = delivery(
        contents.language, contents.title, contents.order_number, files, life, occasion, pages=pages
    )
    for part, message in enumerate(messages, start=1):
        services.messenger.send(Identity(run.job_id, f"{occasion}:{part}"), contents.telegram_id, message)


def _address(services: Services, file: DeliveryFile, life: int) -> str:
    if file.token:
        return f"{services.settings.public_url}/d/{file.token}"
    return services.store.sign_download(
        file.key, file_name=file.name, content_type=file.content_type, expires=life
    )
