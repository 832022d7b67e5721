"""`python -m scripts.sandbox.stripe`: the stand-in for Stripe as a process.

The secret key comes from STRIPE_SECRET_KEY, or is made up; OAuth's client from STRIPE_CLIENT_ID, likewise.
Prints one JSON line when ready: {"url"}, and "environment" where the key was made up. Buyers use its pages;
a driver posts JSON to /sandbox/VERB with the key. Ends on SIGTERM or SIGINT.
"""

import argparse
import json
import os
import signal
import threading

from scripts.sandbox.stripe.sandbox import StripeSandbox

KEY = "STRIPE_SECRET_KEY"
CLIENT = "STRIPE_CLIENT_ID"


def main() -> None:
    """Read the command line and serve until a signal."""
    parser = argparse.ArgumentParser(prog="scripts.sandbox.stripe", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    arguments = parser.parse_args()
    key = os.environ.get(KEY, "")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        sandbox = StripeSandbox(key, arguments.port)
    except OSError as error:
        parser.error(f"{error.strerror}; choose another port with --port")
    if client := os.environ.get(CLIENT):
        sandbox.book.application = client
    with sandbox:
        ready = {"url": sandbox.url} | ({} if key else {"environment": {KEY: sandbox.key}})
        print(json.dumps(ready), flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
