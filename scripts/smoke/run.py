"""The smoke test: sale, grant, entry, removal, card and mail on a shop that runs, and nothing of it left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core.kit.correlation import correlation, new_correlation
from core.kit.db import Database
from core.kit.errors import Permanent, Refused, ServerAway, StoreUnavailable
from core.kit.rows import id_of
from core.people.people import find_user
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.membership import Channel
from schemas.notifications import MailAddress
from schemas.people import Seller, User
from scripts.doctor.finding import Finding
from scripts.smoke import card_steps, steps
from scripts.smoke.removal import forget_empty_series, paper_keys, remove_products, remove_traces
from scripts.smoke.steps import SmokeError, Stage, Traces
from scripts.terminal.console import explain
from workers.store import S3Store

State = Literal["ok", "fail", "skip"]


@dataclass(frozen=True)
class Roles:
    """Who plays: Telegram ids of the buyer and of a connected channel (0: none), an address for a letter;
    `card`: somebody pays on Stripe's page. `wait`: seconds for what a person does."""

    buyer: int
    channel: int
    mail: str
    wait: float
    card: bool = False


@dataclass(frozen=True)
class Played:
    """One step and how it went."""

    step: str
    state: State
    said: str


def play(settings: Settings, database: Database, roles: Roles, say: Callable[[str], None]) -> list[Played]:
    """Play all steps; whatever happens, take away what they made.

    Raises `SmokeError` where the shop is not one for trying, or the people are not there.
    """
    if not settings.is_test:
        raise SmokeError(
            "This shop is not for trying: ENV is not test. Set ENV=test, start the shop again, and set "
            "ENV=production once all is well (docs/going-live.md)."
        )
    settings.require("public_url", "link_secret", "s3_endpoint")
    began = utc_now()
    mark = new_correlation()
    token = correlation.set(mark)
    try:
        stage, channel = _stage(settings, database, roles)
        try:
            return list(_steps(stage, roles, channel, say))
        finally:
            _clean(stage, mark, began)
    finally:
        correlation.reset(token)


def _stage(settings: Settings, database: Database, roles: Roles) -> tuple[Stage, Channel | None]:
    with database.transaction() as session:
        buyer = find_user(session, roles.buyer)
        if buyer is None or not buyer.name:
            raise SmokeError(f"{roles.buyer} has never written to the bot. Send it /start as that person.")
        channel = _channel(session, roles.channel) if roles.channel else None
        shop = session.get_one(Seller, channel.seller_id) if channel else _shop(session, buyer)
        if shop.user_id == buyer.id:
            raise SmokeError("Nobody buys in their own shop. Name somebody else with --buyer.")
        stage = Stage(settings, database, S3Store(settings), id_of(shop), id_of(buyer), Traces())
    return stage, channel


def _channel(session: Session, telegram_id: int) -> Channel:
    channel = session.exec(select(Channel).where(Channel.telegram_id == telegram_id)).one_or_none()
    if channel is None or channel.state == "gone":
        raise SmokeError(f"The channel {telegram_id} is not connected. Its owner does so by /channels.")
    return channel


def _shop(session: Session, buyer: User) -> Seller:
    approved = select(Seller).where(Seller.status == "approved", Seller.user_id != buyer.id)
    shop = session.exec(approved.order_by(col(Seller.id))).first()
    if shop is None:
        raise SmokeError("Nobody but the buyer has an open shop. Open one in the bot with /sell.")
    return shop


def _steps(
    stage: Stage, roles: Roles, channel: Channel | None, say: Callable[[str], None]
) -> Iterator[Played]:
    product, order, checksum = 0, 0, ""
    with _step("sale") as sale:
        product, checksum = steps.offer_file(stage)
        order = steps.sell(stage, product, roles.mail if stage.settings.smtp_host else "")
        steps.wait_delivered(stage, order)
        sale.outcome = "ordered on the web, paid, claimed, delivered in Telegram"
    yield sale.played()
    with _step("grant") as grant:
        if sale.failed:
            raise SmokeError("There was no sale.")
        grant.outcome = f"the file came from {steps.fetch(stage, order, checksum)}"
    yield grant.played()
    yield from _membership(stage, roles, channel, say)
    yield from _card(stage, roles, say)
    with _step("mail") as mail:
        if not (roles.mail and stage.settings.smtp_host):
            mail.skip("give --mail ADDRESS, and SMTP_HOST in .env")
        else:
            if not stage.traces.addresses:
                raise SmokeError("There was no order to give the address to.")
            steps.wait_mailed(stage)
            mail.outcome = f"the mail server took a letter to {roles.mail}"
    yield mail.played()


def _membership(
    stage: Stage, roles: Roles, channel: Channel | None, say: Callable[[str], None]
) -> Iterator[Played]:
    product = 0
    with _step("entry") as entry:
        if channel is None:
            entry.skip("give --channel TELEGRAM_ID of a connected channel")
        else:
            product = steps.offer_plan(stage, id_of(channel))
            steps.sell(stage, product)
            say(f"Open this as the buyer, within {roles.wait:g} s: {steps.way_in(stage, product)}")
            steps.wait_inside(stage, channel, roles.buyer, roles.wait)
            entry.outcome = f"the buyer is in {channel.title}"
    yield entry.played()
    with _step("removal") as removal:
        if channel is None or entry.failed:
            removal.skip("nobody came in")
        else:
            steps.put_out(stage, product, channel, roles.buyer)
            removal.outcome = "staff put the buyer out, and Telegram confirms it"
    yield removal.played()


def _card(stage: Stage, roles: Roles, say: Callable[[str], None]) -> Iterator[Played]:
    with _step("card") as card:
        if not roles.card:
            card.skip("give --card, and pay on Stripe's page")
        elif not card_steps.takes_cards(stage):
            card.skip("no account of the shop's at Stripe takes cards: connect one in the Mini App")
        else:
            product, checksum = steps.offer_file(stage, steps.CARD_PRICE)
            order = card_steps.sell_by_card(stage, product, say, roles.wait)
            steps.wait_delivered(stage, order)
            steps.fetch(stage, order, checksum)
            card_steps.give_back(stage, order)
            card.outcome = f"paid, delivered, refunded in two parts; {card_steps.check_books(stage, order)}"
    yield card.played()


class _Step:
    """How one step goes while it is played."""

    def __init__(self, name: str) -> None:
        self.name, self.outcome, self.failed, self._skipped = name, "", False, False

    def skip(self, why: str) -> None:
        self._skipped, self.outcome = True, why

    def played(self) -> Played:
        return Played(self.name, "fail" if self.failed else "skip" if self._skipped else "ok", self.outcome)


@contextmanager
def _step(name: str) -> Iterator[_Step]:
    step = _Step(name)
    try:
        yield step
    except Refused as error:
        step.failed, step.outcome = True, explain(error)
    except (SmokeError, StoreUnavailable, ServerAway, Permanent) as error:
        step.failed, step.outcome = True, str(error)


def _clean(stage: Stage, mark: str, began: datetime) -> None:
    """Take away what was sold, told and stored; the audit log keeps that it was.

    A worker may write of it meanwhile, as of a refund that Stripe has just told of: then all is looked at
    again.
    """
    stuck = "What was made cannot be taken away: workers still write of it. Look at `comptoir queue`."
    keys = steps.until(stage, lambda _: _forget(stage, mark, began), steps.PATIENCE, stuck)
    for key in (*stage.traces.objects, *keys):
        stage.store.delete(key)


def _forget(stage: Stage, mark: str, began: datetime) -> list[str] | None:
    """The keys of papers whose orders are gone now, with all rows; None where there was more meanwhile."""
    try:
        with stage.database.transaction() as session:
            owner = session.get_one(Seller, stage.seller_id).user_id
            addresses = col(MailAddress.id).in_(stage.traces.addresses)
            session.execute(delete(MailAddress).where(addresses))
            papers = paper_keys(session, stage.traces.products)
            remove_products(session, stage.traces.products)
            forget_empty_series(session, stage.seller_id)
            remove_traces(session, {stage.buyer_id, owner}, {mark}, began)
    except IntegrityError:
        return None
    return papers


def as_findings(played: list[Played]) -> list[Finding]:
    """The steps as the doctor shows what it found; what was skipped is doubtful."""
    return [Finding(line.step, "warn" if line.state == "skip" else line.state, line.said) for line in played]
