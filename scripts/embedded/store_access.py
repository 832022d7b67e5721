"""Who may do what in the embedded store: its keys, made at the first start and kept for its owner alone.

SeaweedFS reads `security.toml` from its working directory: four keys for tokens between its own parts, and a
certificate for gRPC, which without one answers everybody on the machine
(https://github.com/seaweedfs/seaweedfs/wiki/Security-Configuration).
"""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ACTIONS = ("Read", "Write", "List", "Tagging", "Admin")
"""Of the one bucket. `Admin` of a bucket is making it and setting its CORS rule."""
TOKENS = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
PARTS = ("master", "volume", "filer", "s3", "admin", "worker", "client")
LIFE = timedelta(days=36_500)
"""Of the certificate, which never leaves the machine and is known by itself alone."""


@dataclass(frozen=True)
class StoreKeys:
    """The access key and secret key of an S3 store."""

    access: str
    secret: str


def make_keys() -> StoreKeys:
    """A fresh random key pair."""
    return StoreKeys(access=f"comptoir{secrets.token_hex(6)}", secret=secrets.token_hex(24))


def s3_settings(url: str, region: str, bucket: str, keys: StoreKeys) -> dict[str, str]:
    """The settings by which our processes reach a store as S3."""
    return {
        "S3_ENDPOINT": url,
        "S3_REGION": region,
        "S3_BUCKET": bucket,
        "S3_ACCESS_KEY": keys.access,
        "S3_SECRET_KEY": keys.secret,
    }


def write_access(folder: Path, keys: StoreKeys, bucket: str) -> None:
    """Write what the server is to know: whose key reaches which bucket, and its own secrets where missing."""
    identity = {
        "name": "comptoir",
        "credentials": [{"accessKey": keys.access, "secretKey": keys.secret}],
        "actions": [f"{action}:{bucket}" for action in ACTIONS],
    }
    _write(folder / "s3.json", json.dumps({"identities": [identity]}).encode())
    if not (folder / "security.toml").exists():
        _write_certificate(folder)
        _write(folder / "security.toml", _security(folder).encode())


def _security(folder: Path) -> str:
    sections = [f'[{name}]\nkey = "{secrets.token_hex(32)}"\nexpires_after_seconds = 60\n' for name in TOKENS]
    # Relative to the working directory, so that the folder may be moved.
    sections.append('[grpc]\nca = "cert.pem"\n')
    sections += [f'[grpc.{part}]\ncert = "cert.pem"\nkey = "key.pem"\n' for part in PARTS]
    return "".join(sections)


def _write_certificate(folder: Path) -> None:
    # Commands read keys from here and make none: 3 MiB that a dashboard on a small host does without.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "comptoir store")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / "key.pem", private)
    _write(folder / "cert.pem", certificate.public_bytes(Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step; only its owner can read it."""
    new = path.with_name(path.name + ".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    new.replace(path)
