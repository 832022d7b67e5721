"""A real mail server on this machine, which keeps the letters it gets and refuses those that tests name."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from schemas.base import utc_now

HOST = "127.0.0.1"


class MailServer:
    """Keeps letters that come (`letters`); answers as `replies` says to an address it has to refuse."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.addresses: list[str] = []
        self.replies: dict[str, str] = {}
        self.logins: list[tuple[bytes, bytes]] = []
        self.password = b"hush"
        self.port = 0

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Accept a recipient's address, or answer as `replies` says."""
        if reply := self.replies.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        """Keep a letter, parsed."""
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.addresses.append(envelope.rcpt_tos[0])
        return "250 2.0.0 taken"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        """Accept one user name with one password."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        known = data.password == self.password
        return AuthResult(success=known, handled=known)  # not handled: the library says 535


class AnyPort(Controller):
    """The library's server, on any free port, which the library's own check does not allow."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(
    certificate: Path | None = None, *, login: bool = False, tls: bool = False
) -> Iterator[MailServer]:
    """Run a server while the block runs.

    With a certificate it encrypts, by STARTTLS or from the first byte (`tls`).
    """
    server = MailServer()
    options: dict[str, Any] = {"hostname": HOST, "port": 0}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        options["ssl_context" if tls else "tls_context"] = context
    if login:
        options |= {"authenticator": server.authenticate, "auth_require_tls": not tls}
    controller = AnyPort(server, **options)
    controller.start()
    try:
        server.port = controller.port
        yield server
    finally:
        controller.stop()


def make_certificate(path: Path) -> Path:
    """Write a self-signed certificate for 127.0.0.1 and its key into one file; its path."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = utc_now()
    certificate = (
        x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    key = secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(key + certificate.public_bytes(serialization.Encoding.PEM))
    return path
