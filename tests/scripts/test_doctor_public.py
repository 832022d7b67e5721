"""What a buyer would hit: the doctor asks the public addresses, and says what is wrong with each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from core.process.settings import Settings
from scripts.doctor import public
from scripts.embedded.ports import free_port
from scripts.embedded.proxy import CountingProxy
from scripts.embedded.store import Store
from tests.scripts.test_doctor import of, states
from tests.support.web_server import Quiet, serving
from workers.bucket_cors import origins_of
from workers.store import S3Store

NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "env", "state"),
    [
        ("203.0.113.9", "production", "ok"),
        ("2001:db8::1", "production", "ok"),
        ("127.0.0.1", "production", "fail"),
        ("::1", "production", "fail"),
        ("127.0.0.1", "sandbox", "warn"),
        ("192.168.1.4", "production", "warn"),
        ("172.16.0.1", "production", "warn"),
        ("172.32.0.1", "production", "ok"),
        ("fd00::1", "production", "warn"),
    ],
)
def test_a_name_that_leads_to_where_no_buyer_comes_is_told(address: str, env: str, state: str) -> None:
    assert states([public.leads_to("name", [ip_address(address)], env)]) == {"name": state}


def test_a_name_that_leads_nowhere_is_told(settings: Callable[..., Settings]) -> None:
    assert states(public.names(settings(public_url="http://nothing.invalid"))) == {
        "name nothing.invalid": "fail"
    }
    assert states(public.names(settings())) == {}


@pytest.mark.parametrize(("days", "state"), [(60, "ok"), (13, "warn"), (0.5, "ok")])
def test_a_certificate_that_is_not_renewed_is_told(days: float, state: str) -> None:
    assert states([public.holds("certificate", NOW + timedelta(days=days), NOW)]) == {"certificate": state}


def test_a_certificate_that_browsers_refuse_is_told(settings: Callable[..., Settings]) -> None:
    with page(b"no TLS here") as url:
        secure = url.replace("http://", "https://")
        findings = states(public.names(settings(public_url=secure)))
        assert findings["certificate 127.0.0.1"] == "fail"
    away = states(public.names(settings(public_url=f"https://127.0.0.1:{free_port()}")))
    assert away["certificate 127.0.0.1"] == "fail"


def test_a_file_is_fetched_and_sent_by_the_stores_public_address(
    settings: Callable[..., Settings], store: Store
) -> None:
    with CountingProxy(store.port) as proxy:
        config = replace(of(settings, store), public_url="http://127.0.0.1", s3_public_endpoint=proxy.url)
        S3Store(config).ensure_bucket(origins_of(config))  # as a worker; others share the store
        findings = states(public.download(config))
    assert findings == dict.fromkeys(("download", "upload", "bucket"), "ok")
    assert proxy.upstream > 0


def test_a_store_that_only_this_machine_reaches_is_told(
    settings: Callable[..., Settings], store: Store
) -> None:
    config = replace(of(settings, store), public_url="https://shop.example")
    (finding,) = public.download(config)
    assert (finding.name, finding.state) == ("download", "fail")
    assert "this machine alone" in finding.found
    assert states(public.download(settings())) == {}


def test_a_proxy_that_answers_instead_of_the_store_or_not_at_all_is_told(
    settings: Callable[..., Settings], store: Store
) -> None:
    config = replace(of(settings, store), public_url="http://127.0.0.1")
    with page(b"<html>parked") as url:
        assert states(public.download(replace(config, s3_public_endpoint=url)))["download"] == "fail"
    nowhere = f"http://127.0.0.1:{free_port()}"
    assert states(public.download(replace(config, s3_public_endpoint=nowhere))) == {"download": "fail"}


def test_the_mini_app_is_opened_with_its_script(settings: Callable[..., Settings]) -> None:
    good = b'<html><script type="module" crossorigin src="/app/assets/a.js"></script>'
    for body, kind, state in (
        (good, "text/javascript", "ok"),
        (good, "text/html", "fail"),
        (b"<html>parked", "text/javascript", "fail"),
    ):
        with page(body, kind) as url:
            shop = settings(public_url=url, bot_username="shop_bot")
            assert states(public.mini_app(shop)) == {"mini app": state}
            assert states(public.mini_app(replace(shop, bot_username="")))["start link"] == "fail"
    assert states(public.mini_app(settings())) == {}


@contextmanager
def page(body: bytes, script_type: str = "text/html") -> Iterator[str]:
    """A web server that answers everything with one page, and scripts as this type."""

    class Handler(Quiet):
        def do_GET(self) -> None:
            is_script = self.path.endswith(".js")
            self.send_response(200)
            self.send_header("Content-Type", script_type if is_script else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_OPTIONS = do_PUT = do_GET

    with serving(Handler) as url:
        yield url
