"""A parcel on its way: wrapped by the shop's settings, its addresses written, its messages sent."""

from core.notifications.telegram_messages import Occasion, delivery
from core.orders.delivery_contents import DeliveryContents, DeliveryFile, LinkOptions
from core.ports import Identity
from core.process.settings import Settings
from workers.run import Run
from workers.services import Services

DIRECT_LIFE = 86_400
"""Seconds that the store's own address in a message lives: it cannot be revoked, so never longer."""


def link_options(settings: Settings) -> LinkOptions:
    """How this shop makes its links. Raises `SettingError` without LINK_SECRET."""
    settings.require("link_secret")
    direct = not settings.public_url
    return LinkOptions(
        secret=settings.link_secret,
        ttl=min(settings.link_ttl, DIRECT_LIFE) if direct else settings.link_ttl,
        max_downloads=settings.link_max_downloads,
        direct=direct,
    )


def send_parcel(run: Run, parcel: DeliveryContents, occasion: Occasion) -> None:
    """Send all messages of a parcel; sent again by another attempt of the job, they are seen once."""
    services = run.services
    made = link_options(services.settings)
    life, pages = made.ttl, not made.direct
    files = [(file.name, file.size, _address(services, file, life)) for file in parcel.files]
    messages = delivery(
        parcel.language, parcel.title, parcel.order_number, files, life, occasion, pages=pages
    )
    for part, message in enumerate(messages, start=1):
        services.messenger.send(Identity(run.job_id, f"{occasion}:{part}"), parcel.telegram_id, message)


def _address(services: Services, file: DeliveryFile, life: int) -> str:
    if file.token:
        return f"{services.settings.public_url}/d/{file.token}"
    return services.store.sign_download(
        file.key, file_name=file.name, content_type=file.content_type, expires=life
    )
