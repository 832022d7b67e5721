"""Letters to a real mail server: as mail programs read them, and what its refusals mean."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from core.kit.errors import Permanent, SettingError
from core.notifications.letters import AddressRefused, Letter, MailUnavailable
from core.process.settings import Settings
from scripts.sandbox.mail import MailServer, mail_server, make_certificate
from tests.support import make
from workers.mail import SmtpMailer

LETTER = Letter(
    identity="notification-7",
    address="awa@example.org",
    name="Éloïse Дмитриевна 文",
    language="fr",
    subject="Votre accès se termine bientôt · Café Noël",
    plain="⏳ Votre accès se termine.\n",
    html="<p>⏳ Votre accès se termine.</p>",
    stop_url="https://shop.example/mail/stop/TOKEN",
)
Mailing = Callable[..., SmtpMailer]


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def mailing(settings: Callable[..., Settings]) -> Mailing:
    """A mailer of a shop that knows the server."""

    def make_mailer(server: MailServer | None = None, **overrides: object) -> SmtpMailer:
        defaults: dict[str, object] = {
            "smtp_host": "127.0.0.1",
            "smtp_port": server.port if server else 1,
            "smtp_encryption": "none",
            "mail_from": "shop@mail.example",
            "public_url": "https://shop.example",
            "shop_name": "Café Noël",
        }
        return SmtpMailer(settings(**(defaults | overrides)))

    return make_mailer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "mail.pem")


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_letter_arrives_whole_in_any_script(server: MailServer, mailing: Mailing) -> None:
    mailing(server).send(LETTER, now=make.NOW)
    (letter,) = server.letters
    assert server.addresses == ["awa@example.org"]
    assert letter["from"].addresses[0].display_name == "Café Noël"
    assert (letter["to"].addresses[0].display_name, letter["to"].addresses[0].addr_spec) == (
        "Éloïse Дмитриевна 文",
        "awa@example.org",
    )
    assert letter["subject"] == LETTER.subject
    assert parsedate_to_datetime(letter["date"]) == make.NOW
    assert letter.get_content_type() == "multipart/alternative"
    assert body(letter, "plain").split() == LETTER.plain.split()
    assert body(letter, "html").strip() == LETTER.html


def test_a_letter_can_be_stopped_in_one_click_and_names_itself(server: MailServer, mailing: Mailing) -> None:
    mailer = mailing(server)
    for _ in range(2):
        mailer.send(LETTER, now=make.NOW)
    for letter in server.letters:
        assert letter["message-id"] == "<notification-7@mail.example>"
        assert letter["list-unsubscribe"] == "<https://shop.example/mail/stop/TOKEN>"
        assert letter["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert letter["auto-submitted"] == "auto-generated"
        assert letter["content-language"] == "fr"


@pytest.mark.parametrize("field", ["name", "subject", "stop_url", "address"])
def test_a_line_end_never_becomes_a_header(server: MailServer, mailing: Mailing, field: str) -> None:
    value = getattr(LETTER, field) + "\r\nBcc: all@example.org"
    with pytest.raises(ValueError, match=r"."):
        mailing(server).send(replace(LETTER, **{field: value}), now=make.NOW)
    assert server.letters == []


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        ("550 5.1.1 no such user", AddressRefused),
        ("550 no such user", AddressRefused),
        ("550 5.2.1 mailbox disabled", AddressRefused),
        ("550 5.7.1 relaying denied", Permanent),
        ("554 transaction failed", Permanent),
        ("450 4.2.1 try again later", MailUnavailable),
        ("452 4.2.2 mailbox full", MailUnavailable),
    ],
)
def test_a_refused_address_means_what_the_server_says(
    server: MailServer, mailing: Mailing, reply: str, meaning: type[Exception]
) -> None:
    server.replies["awa@example.org"] = reply
    with pytest.raises(meaning, match=reply.partition(" ")[2]):
        mailing(server).send(LETTER, now=make.NOW)
    assert server.letters == []


def test_a_server_that_is_away_is_worth_another_try(mailing: Mailing) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        with pytest.raises(MailUnavailable, match="ConnectionRefusedError"):
            mailing(smtp_port=port).send(LETTER, now=make.NOW)


def test_nothing_is_sent_in_the_clear_where_encryption_is_asked_for(
    server: MailServer, mailing: Mailing
) -> None:
    with pytest.raises(Permanent, match="no encryption"):
        mailing(server, smtp_encryption="starttls", smtp_user="shop", smtp_password="hush").send(
            LETTER, now=make.NOW
        )
    assert (server.letters, server.logins) == ([], [])


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_the_password_goes_over_an_encrypted_connection_only(
    mailing: Mailing, certificate: Path, encryption: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    options = {"smtp_encryption": encryption, "smtp_user": "shop", "smtp_password": "hush"}
    with mail_server(certificate, login=True, tls=encryption == "tls") as server:
        mailing(server, **options).send(LETTER, now=make.NOW)
        assert server.logins == [(b"shop", b"hush")]
        assert len(server.letters) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(mailing: Mailing, certificate: Path) -> None:
    with mail_server(certificate) as server:
        with pytest.raises(MailUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
            mailing(server, smtp_encryption="starttls").send(LETTER, now=make.NOW)
        assert server.letters == []


def test_a_wrong_password_waits_for_the_operator(
    mailing: Mailing, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    options = {"smtp_encryption": "starttls", "smtp_user": "shop", "smtp_password": "wrong"}
    with (
        mail_server(certificate, login=True) as server,
        pytest.raises(Permanent, match="SMTP_PASSWORD") as refusal,
    ):
        mailing(server, **options).send(LETTER, now=make.NOW)
    assert "wrong" not in str(refusal.value)


@pytest.mark.parametrize("name", ["smtp_host", "mail_from", "public_url"])
def test_what_a_mail_needs_is_named_where_it_lacks(server: MailServer, mailing: Mailing, name: str) -> None:
    with pytest.raises(SettingError, match=f"{name.upper()} is empty"):
        mailing(server, **{name: ""}).send(LETTER, now=make.NOW)
