"""scripts/deploy/release: the secrets that it writes, on a copy without Docker."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scripts.embedded.process import PROJECT

TYPED = 'BOT_TOKEN="1:a"\nTELEGRAM_API_HASH=hash\nPOSTGRES_PASSWORD=a$b@c/d\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the script and an .env."""
    (tmp_path / "scripts/deploy").mkdir(parents=True)
    shutil.copy(PROJECT / "scripts/deploy/release", tmp_path / "scripts/deploy")
    (tmp_path / ".env").write_text(TYPED)
    return tmp_path


def release(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [str(folder / "scripts/deploy/release"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_secrets_are_files_in_a_folder_for_its_owner_alone(folder: Path) -> None:
    assert release(folder, "secrets").returncode == 0

    secrets = folder / "secrets"
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert (secrets / "bot_token").read_text() == "1:a"
    assert (
        secrets / "owner_database_url"
    ).read_text() == "postgresql://comptoir:a%24b%40c%2Fd@postgres/comptoir"
    assert len((secrets / "link_secret").read_text()) == 64


def test_each_role_of_the_database_has_an_address_and_a_password_of_its_own(folder: Path) -> None:
    assert release(folder, "secrets").returncode == 0

    files = {
        "owner_database_url": "comptoir",
        "database_url": "comptoir_app",
        "audit_database_url": "comptoir_audit",
    }
    addresses = {name: urlsplit((folder / "secrets" / name).read_text()) for name in files}
    assert {name: address.username for name, address in addresses.items()} == files
    assert len({address.password for address in addresses.values()}) == 3


def test_what_was_made_up_stays_and_what_is_typed_anew_is_taken(folder: Path) -> None:
    release(folder, "secrets")
    before = (folder / "secrets/link_secret").read_text()
    (folder / ".env").write_text(TYPED.replace("1:a", "2:b"))
    release(folder, "secrets")

    assert (folder / "secrets/link_secret").read_text() == before
    assert (folder / "secrets/bot_token").read_text() == "2:b"


def test_the_key_at_the_store_reaches_one_bucket(folder: Path) -> None:
    release(folder, "secrets")
    (identity,) = json.loads((folder / "secrets/store_keys").read_text())["identities"]

    assert all(action.endswith(":comptoir") for action in identity["actions"])
    assert (folder / "secrets/store_security").read_text().count("[jwt.") == 4


def test_a_token_that_lacks_is_named(folder: Path) -> None:
    (folder / ".env").write_text("TELEGRAM_API_HASH=hash\n")
    done = release(folder, "secrets")

    assert done.returncode == 1
    assert "Set BOT_TOKEN in .env" in done.stderr


def test_it_says_what_it_can_do_and_what_ran(folder: Path) -> None:
    release(folder, "secrets")
    (folder / "secrets/releases").write_text("1\n2\n")

    assert "rollback" in release(folder, "--help").stdout
    assert json.loads(release(folder, "list", "--json").stdout) == {"deployed": ["1", "2"]}
    assert release(folder, "away").returncode == 2
