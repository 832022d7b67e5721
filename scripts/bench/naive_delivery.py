"""The naive way to deliver a file (A7), to compare with: fetch it whole, then hand it to Telegram.

`python -m scripts.bench.naive_delivery URL` prints the growth of its own resident memory, in bytes.
"""

import io
import os
import subprocess
import sys

import httpx

from scripts.embedded.memory import memory_of


def growth_of(url: str) -> int:
    """How many bytes a process grows by when it holds the file of this address in memory."""
    command = [sys.executable, "-m", "scripts.bench.naive_delivery", url]
    return int(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def main() -> None:
    """Fetch the file, hold it as a document to be sent, and print the growth."""
    me = [os.getpid()]
    with httpx.Client(trust_env=False) as client:
        before = memory_of(me).rss
        document = io.BytesIO()
        with client.stream("GET", sys.argv[1], timeout=60) as answer:
            for chunk in answer.raise_for_status().iter_bytes():
                document.write(chunk)
        print(memory_of(me).rss - before)


if __name__ == "__main__":
    main()
