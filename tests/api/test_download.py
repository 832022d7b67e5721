from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from redis import Redis
from sqlmodel import select

from core.jobs.request_reply import AT_ONCE
from core.kit.db import Database
from core.kit.rows import id_of
from core.orders.grants import revoke
from core.process.limits import GUESSES
from core.process.settings import Settings
from schemas.access import Download, DownloadLink, Grant
from schemas.base import utc_now
from schemas.catalogue import Asset
from tests.support import make
from tests.support.questions import UrlWorker
from tests.support.web import Client, serving

ENGLISH = {"accept-language": "en-GB,en;q=0.9"}


def a_link(database: Database, **options: int) -> str:
    with database.transaction() as session:
        return make.link(session, now=utc_now(), **options)[1]  # type: ignore[arg-type]


def downloads(database: Database) -> int:
    with database.transaction() as session:
        return session.exec(select(DownloadLink)).one().downloads


def test_a_click_is_redirected_to_the_store_and_counted(
    web: Client, database: Database, signer: UrlWorker
) -> None:
    answer = web.get(f"/d/{a_link(database)}")
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("https://store.example/")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.content == b""
    assert downloads(database) == 1


def test_the_worker_is_told_which_request_it_signs_for(
    web: Client, database: Database, signer: UrlWorker
) -> None:
    answer = web.get(f"/d/{a_link(database)}")
    assert signer.questions[0]["correlation_id"] == answer.headers["x-correlation-id"]


def test_of_the_address_of_a_click_its_network_is_written_down(
    shop_settings: Settings, database: Database, signer: UrlWorker
) -> None:
    with database.transaction() as session:
        make.card_sale(session, make.seller(session), make.user(session))
        _, token = make.link(session, session.exec(select(Grant)).one(), now=utc_now())
    with serving(replace(shop_settings, trusted_proxy=1), database) as web:
        web.get(f"/d/{token}", headers={"x-forwarded-for": "203.0.113.7"})
    with database.transaction() as session:
        assert session.exec(select(Download.network)).all() == ["203.0.113.0/24"]


def test_the_same_client_counts_once_in_a_minute(web: Client, database: Database, signer: UrlWorker) -> None:
    token = a_link(database)
    made = {web.get(f"/d/{token}").status_code for _ in range(3)}
    assert made == {302}
    # Two when a minute ended between the clicks.
    assert downloads(database) in (1, 2)


def test_a_resumed_transfer_is_redirected_and_not_counted(
    web: Client, database: Database, signer: UrlWorker
) -> None:
    token = a_link(database)
    assert web.get(f"/d/{token}", headers={"range": "bytes=1048576-"}).status_code == 302
    assert downloads(database) == 0
    assert web.get(f"/d/{token}", headers={"range": "bytes=0-"}).status_code == 302
    assert downloads(database) == 1


def test_a_used_up_link_still_lets_its_client_resume(
    web: Client, database: Database, signer: UrlWorker
) -> None:
    token = a_link(database, max_downloads=1)
    assert web.get(f"/d/{token}").status_code == 302
    assert web.get(f"/d/{token}").status_code == 429
    assert web.get(f"/d/{token}", headers={"range": "bytes=5-"}).status_code == 302
    stranger = {"range": "bytes=5-", "user-agent": "somebody else"}
    assert web.get(f"/d/{token}", headers=stranger).status_code == 429


def test_asking_only_for_the_rest_does_not_get_round_a_limit(
    web: Client, database: Database, signer: UrlWorker
) -> None:
    token = a_link(database, max_downloads=1)
    rest = {"range": "bytes=1-"}
    assert [web.get(f"/d/{token}", headers=rest).status_code for _ in range(2)] == [302, 302]
    assert downloads(database) == 1
    stranger = rest | {"user-agent": "somebody else"}
    assert web.get(f"/d/{token}", headers=stranger).status_code == 429


def test_head_tells_name_size_and_type_without_counting(web: Client, database: Database) -> None:
    token = a_link(database)
    answer = web.head(f"/d/{token}")
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(10 * 2**30)
    assert answer.headers["content-type"] == "application/pdf"
    assert "cours.pdf" in answer.headers["content-disposition"]
    assert downloads(database) == 0


def test_an_unknown_link_gets_a_page_in_the_readers_language(web: Client) -> None:
    french, english = web.get(f"/d/{'x' * 43}"), web.get(f"/d/{'x' * 43}", headers=ENGLISH)
    assert (french.status_code, english.status_code) == (404, 404)
    assert 'lang="fr"' in french.text
    assert 'lang="en"' in english.text
    assert "does not exist" in english.text


def test_an_expired_link_is_gone_and_says_what_to_do(web: Client, database: Database) -> None:
    with database.transaction() as session:
        token = make.link(session, now=utc_now() - timedelta(days=2))[1]
    answer = web.get(f"/d/{token}", headers=ENGLISH)
    assert answer.status_code == 410
    assert "library" in answer.text


def test_a_refunded_buyer_meets_a_closed_link(web: Client, database: Database) -> None:
    with database.transaction() as session:
        grant = make.grant(session)
        token = make.link(session, grant, now=utc_now())[1]
        revoke(session, id_of(grant), reason="refund", now=utc_now())
    assert web.get(f"/d/{token}").status_code == 410


def test_guessing_is_stopped_and_told_when_to_come_back(web: Client, database: Database) -> None:
    token = a_link(database)
    answers = [web.get(f"/d/{number:043}") for number in range(GUESSES.most + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {404}
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["retry-after"]) <= GUESSES.seconds
    assert web.head(f"/d/{token}").status_code == 200, "a good link is nobody's guess"


def test_a_link_counts_only_when_a_url_was_obtained(
    web: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.controllers.download.WAIT", 0.1)
    answer = web.get(f"/d/{a_link(database)}", headers=ENGLISH)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "Try again" in answer.text
    assert downloads(database) == 0


def test_without_workers_a_whole_crowd_is_told_to_come_back(
    web: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.controllers.download.WAIT", 0.5)
    token = a_link(database)
    with ThreadPoolExecutor(AT_ONCE + 16) as crowd:
        answers = list(crowd.map(lambda _: web.get(f"/d/{token}"), range(AT_ONCE + 16)))
    assert {answer.status_code for answer in answers} == {503}
    assert all("retry-after" in answer.headers for answer in answers)


def test_a_file_name_with_markup_and_controls_stays_a_header(web: Client, database: Database) -> None:
    with database.transaction() as session:
        grant = make.grant(session)
        asset = session.exec(select(Asset).where(Asset.product_id == grant.product_id)).one()
        asset.name = "été <b>؜\u202e\u200f.pdf"
        session.add(asset)
        token = make.link(session, grant, now=utc_now())[1]
    answer = web.head(f"/d/{token}")
    assert answer.status_code == 200
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]


def test_a_click_survives_a_redis_that_is_away_with_a_clear_answer(
    web: Client, database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = a_link(database)
    monkeypatch.setattr("api.controllers.download.WAIT", 0.3)
    with Redis.from_url(redis_url) as admin:
        admin.execute_command("CLIENT", "PAUSE", 1500, "ALL")
    answer = web.get(f"/d/{token}")
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


def test_the_page_of_a_link_names_its_file_and_counts_nothing(web: Client, database: Database) -> None:
    token = a_link(database)
    answer = web.get(f"/d/{token}/page", headers=ENGLISH)
    assert answer.status_code == 200
    assert f'href="/d/{token}"' in answer.text
    assert f'data-size="{10 * 2**30}"' in answer.text
    assert "cours.pdf" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert downloads(database) == 0


def test_the_page_escapes_a_name_that_a_seller_chose(web: Client, database: Database) -> None:
    with database.transaction() as session:
        grant = make.grant(session)
        asset = session.exec(select(Asset).where(Asset.product_id == grant.product_id)).one()
        asset.name = "\"><script>alert('x')</script>&.pdf"
        session.add(asset)
        token = make.link(session, grant, now=utc_now())[1]
    page = web.get(f"/d/{token}/page").text
    assert "<script>alert" not in page
    assert 'data-name="&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;.pdf"' in page


def test_the_script_of_the_page_may_read_the_store_and_nothing_else(
    shop_settings: Settings, database: Database
) -> None:
    token = a_link(database)
    with serving(replace(shop_settings, store_origin="https://store.example"), database) as web:
        answer = web.get(f"/d/{token}/page")
        other = web.get(f"/d/{'x' * 43}/page")
    (policy,) = answer.headers.get_list("content-security-policy")
    assert "connect-src 'self' https://store.example;" in policy
    assert "default-src 'none'" in policy
    assert "/static/download.js" in answer.text
    (usual,) = other.headers.get_list("content-security-policy")
    assert "connect-src 'self';" in usual


def test_without_an_address_of_the_store_the_page_has_the_plain_link_alone(
    web: Client, database: Database
) -> None:
    page = web.get(f"/d/{a_link(database)}/page").text
    assert "/static/download.js" not in page


def test_the_page_refuses_in_words_what_the_link_refuses(
    web: Client, database: Database, signer: UrlWorker
) -> None:
    with database.transaction() as session:
        expired = make.link(session, now=utc_now() - timedelta(days=2))[1]
        grant = make.grant(session)
        revoked = make.link(session, grant, now=utc_now())[1]
        revoke(session, id_of(grant), reason="refund", now=utc_now())
        used = make.link(session, now=utc_now(), max_downloads=1)[1]
    for token, status, words in (("x" * 43, 404, "does not exist"), (expired, 410, "library")):
        answer = web.get(f"/d/{token}/page", headers=ENGLISH)
        assert answer.status_code == status
        assert words in answer.text
    assert web.get(f"/d/{revoked}/page").status_code == 410
    assert web.get(f"/d/{used}").status_code == 302
    # Whoever began the one download may go on with it here; nobody else begins another.
    assert web.get(f"/d/{used}/page").status_code == 200
    stranger = ENGLISH | {"user-agent": "somebody else"}
    assert web.get(f"/d/{used}/page", headers=stranger).status_code == 429


def test_guessing_pages_is_stopped_like_guessing_links(web: Client, database: Database) -> None:
    for number in range(GUESSES.most):
        assert web.get(f"/d/{number:043}/page").status_code == 404
    answer = web.get(f"/d/{GUESSES.most:043}/page", headers=ENGLISH)
    assert answer.status_code == 429
    assert "Try again" in answer.text


def test_the_page_needs_neither_a_worker_nor_redis(web: Client, database: Database, redis_url: str) -> None:
    token = a_link(database)
    with Redis.from_url(redis_url) as admin:
        admin.execute_command("CLIENT", "PAUSE", 1500, "ALL")
    assert web.get(f"/d/{token}/page").status_code == 200
