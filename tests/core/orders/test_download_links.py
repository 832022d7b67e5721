from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from core.catalogue.catalogue import current_assets
from core.catalogue.products import add_asset
from core.jobs.single_statement import run
from core.kit.db import Database
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.kit.tokens import TOKEN_LENGTH
from core.orders.download_links import CONTINUATIONS, count_click, issue_link, issue_links, open_link
from core.orders.grants import revoke
from schemas.access import Download, DownloadLink, Grant
from schemas.catalogue import Asset, Product
from tests.support import make

DAY = 86_400


def issue(session: Session, grant: Grant, identity: object, **changed: object) -> tuple[DownloadLink, str]:
    options = {
        "grant_id": id_of(grant),
        "asset_id": current_assets(session, grant.product_id)[0].id,
        "identity": identity,
        "secret": make.SECRET,
        "ttl": DAY,
        "max_downloads": 0,
        "now": make.NOW,
    }
    return issue_link(session, **(options | changed))  # type: ignore[arg-type]


def test_a_repeated_job_gets_the_same_link_and_token_valid_from_its_last_attempt(session: Session) -> None:
    grant, job = make.grant(session), uuid4()
    first, token = issue(session, grant, job)
    again, same = issue(session, grant, job, now=make.NOW + timedelta(hours=5))
    assert (again.id, same, len(token)) == (first.id, token, TOKEN_LENGTH)
    assert again.expires_at == make.NOW + timedelta(hours=29)


def test_links_issued_by_one_statement_are_those_issued_one_by_one(session: Session) -> None:
    grant, job = make.grant(session, make.product(session, files=("a.pdf", "b.pdf"))), uuid4()
    files = [asset.id for asset in current_assets(session, grant.product_id)]

    def issued(hours: int, *, at_once: bool) -> tuple[list[str], list[dict[str, Any]]]:
        how: dict[str, Any] = {"identity": job, "secret": make.SECRET, "ttl": DAY, "max_downloads": 3}
        how["now"] = make.NOW + timedelta(hours=hours)
        if at_once:
            tokens = run(session, issue_links(id_of(grant), files, **how))
        else:
            tokens = [issue_link(session, grant_id=id_of(grant), asset_id=each, **how)[1] for each in files]
        session.expire_all()
        links = session.exec(select(DownloadLink).order_by(col(DownloadLink.id)))
        return tokens, [link.model_dump() for link in links]

    # Anew, by a later attempt, and by one that is late itself: no link's time is ever cut.
    one_by_one = [issued(hours, at_once=False) for hours in (1, 5, 0)]
    session.execute(delete(DownloadLink))
    assert [issued(hours, at_once=True) for hours in (1, 5, 0)] == one_by_one
    assert len(one_by_one[-1][1]) == 2

    revoke(session, id_of(grant), reason="refund", now=make.NOW)
    with pytest.raises(Refused, match="grant-revoked"):
        issued(6, at_once=True)


def test_another_job_another_file_and_another_secret_give_other_tokens(session: Session) -> None:
    grant, job = make.grant(session, make.product(session, files=("a.pdf", "b.pdf"))), uuid4()
    second = current_assets(session, grant.product_id)[1]
    tokens = {
        issue(session, grant, job)[1],
        issue(session, grant, uuid4())[1],
        issue(session, grant, job, asset_id=second.id)[1],
    }
    assert len(tokens) == 3


def test_the_row_keeps_no_token(session: Session) -> None:
    link, token = make.link(session)
    assert token not in str(link.model_dump())


def test_a_link_is_only_for_files_of_the_granted_product_and_standing_grants(session: Session) -> None:
    grant = make.grant(session)
    foreign = make.asset(session, make.product(session))
    with pytest.raises(NotFound, match="file-unknown"):
        issue(session, grant, uuid4(), asset_id=foreign.id)
    revoke(session, id_of(grant), reason="refund", now=make.NOW)
    with pytest.raises(Refused, match="grant-revoked"):
        issue(session, grant, uuid4())
    with pytest.raises(NotFound, match="grant-unknown"):
        issue(session, grant, uuid4(), grant_id=0)


def test_a_token_opens_its_file_for_its_buyer(session: Session) -> None:
    grant = make.grant(session)
    link, token = make.link(session, grant)
    opened = run(session, open_link(token, now=make.NOW))
    assert (opened.link_id, opened.order_id, opened.buyer_id) == (link.id, grant.order_id, grant.buyer_id)
    assert opened.name == "cours.pdf"


@pytest.mark.parametrize("guess", ["", "x", "x" * TOKEN_LENGTH, "é" * TOKEN_LENGTH, "x" * 5000, "\x00" * 43])
def test_a_guessed_token_opens_nothing(session: Session, guess: str) -> None:
    make.link(session)
    with pytest.raises(NotFound, match="link-unknown"):
        run(session, open_link(guess, now=make.NOW))


@pytest.mark.parametrize("ttl", [DAY, 7 * DAY])
def test_a_link_lives_exactly_as_long_as_its_setting_says(session: Session, ttl: int) -> None:
    _, token = make.link(session, ttl=ttl)
    run(session, open_link(token, now=make.NOW + timedelta(seconds=ttl - 1)))
    with pytest.raises(Refused, match="link-expired"):
        run(session, open_link(token, now=make.NOW + timedelta(seconds=ttl)))


def test_a_revoked_link_is_said_to_be_revoked_even_after_its_time(session: Session) -> None:
    grant = make.grant(session)
    _, token = make.link(session, grant)
    revoke(session, id_of(grant), reason="refund", now=make.NOW)
    with pytest.raises(Refused, match="link-revoked"):
        run(session, open_link(token, now=make.NOW + timedelta(days=9)))


def test_a_link_to_a_replaced_file_still_opens_the_file_it_was_sent_for(session: Session) -> None:
    grant = make.grant(session)
    _, token = make.link(session, grant)
    old = current_assets(session, grant.product_id)[0]
    product = session.get_one(Product, grant.product_id)
    file = {"key": "uploads/1/x/n.pdf", "name": "n.pdf", "size": 1, "content_type": "application/pdf"}
    add_asset(session, product, **file, sha256=None, now=make.NOW, replaces=old.id)  # type: ignore[arg-type]
    assert run(session, open_link(token, now=make.NOW)).asset_id == old.id
    session.get_one(Asset, old.id).status = "refused"
    with pytest.raises(NotFound, match="link-unknown"):
        run(session, open_link(token, now=make.NOW))


def test_a_client_counts_once_a_minute(session: Session) -> None:
    link, _ = make.link(session)
    seconds = [0, 1, 59, 60]
    counted = [
        run(session, count_click(link.id, client="a", now=make.NOW + timedelta(seconds=second)))
        for second in seconds
    ]
    assert counted == [True, False, False, True]
    assert run(session, count_click(link.id, client="b", now=make.NOW))
    session.refresh(link)
    assert link.downloads == 3


@pytest.mark.parametrize(("by_card", "kept"), [(True, "203.0.113.0/24"), (False, None)])
def test_the_network_of_a_click_is_kept_where_a_bank_may_ask_for_it(
    session: Session, by_card: bool, kept: str | None
) -> None:
    if by_card:
        make.card_sale(session, make.seller(session), make.user(session))
    else:
        make.grant(session)
    link, _ = make.link(session, session.exec(select(Grant)).one())
    run(session, count_click(link.id, client="a", network="203.0.113.0/24", now=make.NOW))
    assert session.exec(select(Download.network)).all() == [kept]


def test_a_used_up_link_still_serves_the_transfer_that_used_it(session: Session) -> None:
    link, token = make.link(session, max_downloads=1)
    run(session, open_link(token, now=make.NOW))
    run(session, count_click(link.id, client="a", now=make.NOW))
    for resumed_by in (None, "stranger"):
        with pytest.raises(Refused, match="link-used-up"):
            run(session, open_link(token, now=make.NOW, resumed_by=resumed_by))
    assert run(session, open_link(token, now=make.NOW, resumed_by="a")).link_id == link.id


def test_what_goes_on_is_bounded_in_time_and_number(session: Session) -> None:
    size = 10 * 2**30
    link, token = make.link(session, max_downloads=1)
    assert run(session, count_click(link.id, client="a", now=make.NOW))

    def goes_on(after: timedelta, first_byte: int) -> bool:
        click = count_click(link.id, client="a", now=make.NOW + after, first_byte=first_byte, size=size)
        try:
            return not run(session, click)
        except Refused:
            return False

    half, soon = size // 2, timedelta(minutes=9)
    assert goes_on(soon, 1), "a start that broke may be made again"
    assert not goes_on(timedelta(minutes=11), 1), "the whole file again is another download"
    assert goes_on(timedelta(hours=11), half)
    assert not goes_on(timedelta(hours=13), half)
    times = [goes_on(soon, half) for _ in range(CONTINUATIONS)]
    assert times == [True] * (CONTINUATIONS - 2) + [False] * 2
    session.refresh(link)
    assert link.downloads == 1
    with pytest.raises(Refused, match="link-used-up"):
        run(session, open_link(token, now=make.NOW, resumed_by="a"))


def test_a_transfer_that_may_not_go_on_takes_another_download(session: Session) -> None:
    link, _ = make.link(session, max_downloads=2)
    late = make.NOW + timedelta(hours=13)
    assert run(session, count_click(link.id, client="a", now=make.NOW))
    assert run(session, count_click(link.id, client="a", now=late, first_byte=500, size=1000))
    assert not run(session, count_click(link.id, client="a", now=late, first_byte=500, size=1000))
    session.refresh(link)
    assert link.downloads == 2


def test_many_clicks_at_once_take_no_more_than_the_limit(database: Database) -> None:
    with database.transaction() as session:
        link, _ = make.link(session, max_downloads=3)
    start = Barrier(8)

    def click(client: int) -> str:
        start.wait(60)
        try:
            with database.transaction() as session:
                return str(run(session, count_click(link.id, client=str(client), now=make.NOW)))
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(click, range(8))) == {"True": 3, "link-used-up": 5}
    with database.transaction() as session:
        assert session.exec(select(func.count()).select_from(Download)).one() == 3
        assert session.get_one(DownloadLink, link.id).downloads == 3
