"""The market's figures and the people that the shop knows, as the Mini App gets them."""

from msgspec import convert

from api.answers.common import amounts, moment, rail_sales
from core.catalogue.statistics import DownloadLine, Earned, Ranked, Slot, totals
from core.kit.pagination import Page
from core.kit.rows import id_of
from schemas.answers import RailSales
from schemas.miniapp_figures import (
    DownloadRow,
    FiguresAnswer,
    FiguresSlot,
    KnownPerson,
    KnownPersonPage,
    LiveAnswer,
    RankedLine,
)
from schemas.people import Role, User


def figures_answer(slots: list[Slot], products: list[Ranked], sellers: list[Ranked]) -> FiguresAnswer:
    """The market step by step, in all, and who sold most."""
    return FiguresAnswer(
        [_slot(slot) for slot in slots],
        _earned(totals(slots)),
        [_ranked(line) for line in products],
        [_ranked(line) for line in sellers],
    )


def live_answer(minutes: list[Slot], latest: list[DownloadLine]) -> LiveAnswer:
    """The market minute by minute, and the latest downloads."""
    return LiveAnswer([_slot(slot) for slot in minutes], [_download(line) for line in latest])


def known_people(page: Page[User]) -> KnownPersonPage:
    """One page of people."""
    return KnownPersonPage(page.number, page.pages, page.total, [known_person(user) for user in page.items])


def known_person(user: User) -> KnownPerson:
    """A person as the operator sees them."""
    return KnownPerson(
        id=id_of(user),
        telegram_id=user.telegram_id,
        name=user.name,
        username=user.username,
        roles=convert(user.roles, list[Role]),
        banned="banned" in user.roles,
        since=moment(user.created_at),
    )


def _slot(slot: Slot) -> FiguresSlot:
    return FiguresSlot(
        at=moment(slot.at),
        orders=slot.orders,
        earned=_earned(slot.earned),
        links=slot.links,
        signed=slot.signed,
        downloads=slot.downloads,
    )


def _earned(parts: list[Earned]) -> list[RailSales]:
    return [rail_sales(part.rail, part.money, part.orders) for part in parts]


def _ranked(line: Ranked) -> RankedLine:
    return RankedLine(line.id, line.name, line.seller, line.orders, line.downloads, amounts(line.revenue))


def _download(line: DownloadLine) -> DownloadRow:
    return DownloadRow(moment(line.at), line.file, line.size, line.product, line.seller)
