"""Checks of what a buyer would hit: names, certificates, and a file by the store's public address.

Every address is resolved and asked as a buyer's browser does, never by a way that only this machine has.
"""

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from core.kit.errors import StoreUnavailable
from core.process.settings import Settings
from scripts.doctor.finding import Finding, State
from workers.bucket_cors import origins_of
from workers.store import S3Store

ASK = urllib3.Timeout(connect=5, read=10)
PROBE = "doctor/public"
BODY = b"comptoir for a buyer"
FILE_NAME = "été.txt"
PORTS = {"http": 80, "https": 443}
SOON = timedelta(days=14)
"""Caddy renews 30 days of 90 before the end: whoever has less has a renewal that fails."""
SCRIPT = re.compile(r'<script[^>]* src="([^"]+)"')
Address = IPv4Address | IPv6Address
INSIDE = [
    ip_network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
]
"""Addresses of a home or an office (RFC 1918, RFC 4193), and of a link."""


def names(settings: Settings) -> Iterator[Finding]:
    """Check where the public names lead, and how long their certificates hold."""
    urls = {settings.public_url, settings.s3_public_endpoint or settings.s3_endpoint} - {""}
    for url in sorted(urls) if settings.public_url else []:
        place = urlsplit(url)
        host = place.hostname or ""
        name = f"name {host}"
        try:
            entries = socket.getaddrinfo(host, place.port or PORTS[place.scheme], type=socket.SOCK_STREAM)
        except OSError as error:
            mend = "Add a record A (and AAAA) for it where you rent the name, and wait a few minutes."
            yield Finding(name, "fail", f"leads nowhere ({error.strerror or error})", mend)
            continue
        yield leads_to(name, [ip_address(entry[4][0]) for entry in entries], settings.env)
        if place.scheme == "https":
            yield _certificate(host, place.port or PORTS["https"])


def leads_to(name: str, addresses: list[Address], env: str) -> Finding:
    """Whether a buyer can reach these addresses, of a name."""
    listed = ", ".join(sorted({str(address) for address in addresses}))
    wrong: State = "fail" if env == "production" else "warn"
    mend = "Let the name point to this machine's public address (where you rent it, and in /etc/hosts)."
    if any(address.is_loopback for address in addresses):
        return Finding(name, wrong, f"leads to {listed}: nobody but this machine can open it", mend)
    if any(_is_inside(address) for address in addresses):
        return Finding(name, "warn", f"leads to {listed}: only this network can open it", mend)
    return Finding(name, "ok", f"leads to {listed}")


def _is_inside(address: Address) -> bool:
    return any(address in network for network in INSIDE if network.version == address.version)


def _certificate(host: str, port: int) -> Finding:
    name = f"certificate {host}"
    try:
        with (
            socket.create_connection((host, port), timeout=5) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
        ):
            certificate = secure.getpeercert() or {}
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason or "no certificate"
        mend = "Look at `journalctl -u caddy`: ports 80 and 443 must be open to the world for it to get one."
        return Finding(name, "fail", f"browsers refuse it ({why})", mend)
    except OSError as error:
        return Finding(
            name, "fail", f"nobody answers at port {port} ({error.strerror or error})", "Start the proxy."
        )
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return holds(name, ends, datetime.now(UTC))


def holds(name: str, ends: datetime, now: datetime) -> Finding:
    """What so much life of a certificate means; one of a day or less renews itself within hours."""
    left = ends - now
    if timedelta(days=1) < left < SOON:
        mend = "Look at `journalctl -u caddy` for what its renewal says."
        return Finding(name, "warn", f"ends in {left.days} days and was not renewed", mend)
    return Finding(name, "ok", f"holds until {ends:%Y-%m-%d %H:%M} UTC")


def download(settings: Settings) -> Iterator[Finding]:
    """Check that a file can be fetched, and a part sent, by the store's public address."""
    if not (settings.s3_endpoint and settings.public_url):
        return
    public = settings.s3_public_endpoint or settings.s3_endpoint
    if _is_loopback(public) and not _is_loopback(settings.public_url):
        problem = f"links lead to {public}, which is this machine alone: no buyer can download"
        mend = "comptoir init sets S3_PUBLIC_ENDPOINT and has Caddy pass the bucket on; then start again."
        yield Finding("download", "fail", problem, mend)
        return
    s3 = S3Store(settings)
    try:
        s3.upload(PROBE, BytesIO(BODY), len(BODY), "text/plain")
    except StoreUnavailable:
        return  # the check of the store says why
    try:
        url = s3.sign_download(PROBE, file_name=FILE_NAME, content_type="text/plain", expires=60)
        yield _fetched(url, public)
        yield _sent(s3, settings, public)
        yield _closed(settings, public)
    except HTTPError as error:
        reason = getattr(error, "reason", None) or error
        mend = "Look at DNS, the proxy and its certificate; it must pass the bucket on to the store."
        yield Finding("download", "fail", f"{public} cannot be reached ({type(reason).__name__})", mend)
    finally:
        s3.delete(PROBE)


def _fetched(url: str, public: str) -> Finding:
    answer = urllib3.request("GET", url, timeout=ASK, retries=False, redirect=False)
    if answer.status != 200 or answer.data != BODY:
        problem = f"a signed address at {public} answered {answer.status} instead of the file"
        mend = (
            "The proxy must pass the bucket's path, query and Host on to the store unchanged; signatures "
            "cover them. `comptoir init` writes such a Caddyfile."
        )
        return Finding("download", "fail", problem, mend)
    if "attachment" not in answer.headers.get("content-disposition", ""):
        problem = "the store drops the file's name: browsers show files instead of saving them"
        mend = "The store must obey response-content-disposition; a proxy must keep the query."
        return Finding("download", "warn", problem, mend)
    return Finding("download", "ok", f"a file comes by {public}")


def _sent(s3: S3Store, settings: Settings, public: str) -> Finding:
    """Whether pages may send a part, as a seller's browser does: a preflight, a PUT that shows its ETag."""
    upload_id = s3.multipart.begin(PROBE, "text/plain")
    try:
        url = s3.sign_part(PROBE, upload_id, 1, length=len(BODY), expires=60)
        shut_out = [origin for origin in origins_of(settings) if not _lets_in(url, origin)]
    finally:
        s3.multipart.abort(PROBE, upload_id)
    if shut_out:
        problem = f"pages at {' and '.join(shut_out)} cannot upload by {public}"
        mend = "Let OPTIONS and PUT pass to the store, and set its CORS rule (docs/guide.md, chapter Store)."
        return Finding("upload", "fail", problem, mend)
    return Finding("upload", "ok", f"pages may send parts by {public}")


def _lets_in(url: str, origin: str) -> bool:
    preflight = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    preflight["Access-Control-Request-Headers"] = "content-type"
    allowed = urllib3.request("OPTIONS", url, headers=preflight, timeout=ASK, retries=False).headers
    sent = urllib3.request("PUT", url, body=BODY, headers={"Origin": origin}, timeout=ASK, retries=False)
    exposed = sent.headers.get("access-control-expose-headers", "").lower()
    let_in = allowed.get("access-control-allow-origin") in ("*", origin)
    return sent.status == 200 and let_in and ("etag" in exposed or exposed == "*")


def _closed(settings: Settings, public: str) -> Finding:
    """Whether strangers are refused the list of the bucket."""
    answer = urllib3.request(
        "GET", f"{public}/{settings.s3_bucket}/?list-type=2", timeout=ASK, retries=False, redirect=False
    )
    if answer.status < 300:
        problem = f"{public} shows everybody what the bucket holds"
        return Finding("bucket", "fail", problem, "Take the right to list away from anonymous callers.")
    return Finding("bucket", "ok", "strangers are shown nothing")


def mini_app(settings: Settings) -> Iterator[Finding]:
    """Check the Mini App's page and its script as Telegram opens them, and that start links name a bot."""
    if not settings.public_url:
        return
    url = f"{settings.public_url}/app"
    mend = "Run scripts/setup (npm builds it), and let every path pass through the proxy."
    try:
        page = urllib3.request("GET", url, timeout=ASK, retries=False, redirect=False)
        script = (
            page.data.decode(errors="replace").partition('<script type="module"')[2].partition('src="')[2]
        )
        asset = urljoin(f"{url}/", script.partition('"')[0])
        code = urllib3.request("GET", asset, timeout=ASK, retries=False, redirect=False)
    except HTTPError:
        return  # the check of the web says why
    if page.status != 200 or not script:
        yield Finding("mini app", "fail", f"{url} answers {page.status}, and not with the Mini App", mend)
    elif code.status != 200 or "javascript" not in code.headers.get("content-type", ""):
        yield Finding("mini app", "fail", f"its script at {asset} answers {code.status}", mend)
    else:
        yield Finding("mini app", "ok", f"{url} opens")
    if not settings.bot_username:
        problem = "BOT_USERNAME is empty: no page can lead to the bot"
        yield Finding("start link", "fail", problem, "comptoir init reads it from Telegram.")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
