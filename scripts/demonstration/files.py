"""The file that the demo sells, its checksum, and its download."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import httpx

from scripts.demonstration.tell import Teller

BLOCK = 1 << 20
PATIENCE = httpx.Timeout(30.0)


@dataclass(frozen=True)
class Download:
    """What a buyer's download came to: bytes received, their SHA-256, the status of the first answer."""

    size: int
    sha256: str
    redirect_status: int
    from_host: str


def random_file(folder: Path, size: int, teller: Teller) -> Path:
    """Write a file of `size` random bytes; its path."""
    path = folder / "course.bin"
    with path.open("wb") as stream, teller.progress("Making a file of random bytes", size) as advance:
        left = size
        while left:
            stream.write(os.urandom(min(BLOCK, left)))
            advance(min(BLOCK, left))
            left -= min(BLOCK, left)
    return path


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, lower-case hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def download(url: str, size: int, teller: Teller) -> Download:
    """Follow a link as a browser does, keeping only the checksum of what comes."""
    digest, received = hashlib.sha256(), 0
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        first = client.get(url)
        target = first.headers.get("location")
        if first.status_code != httpx.codes.FOUND or target is None:
            raise AssertionError(
                f"The link answered {first.status_code} instead of a redirect:\n{first.text[:500]}"
            )
        teller.say(f"  302 to {httpx.URL(target).host}:{httpx.URL(target).port}, signed for five minutes")
        with client.stream("GET", target) as answer, teller.progress("Downloading", size) as advance:
            answer.raise_for_status()
            for chunk in answer.iter_raw(BLOCK):
                digest.update(chunk)
                received += len(chunk)
                advance(len(chunk))
    return Download(received, digest.hexdigest(), first.status_code, httpx.URL(target).netloc.decode())
