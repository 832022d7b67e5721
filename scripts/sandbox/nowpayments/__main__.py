"""`python -m scripts.sandbox.nowpayments`: the stand-in for NOWPayments as a process.

The account comes from NOWPAYMENTS_API_KEY, NOWPAYMENTS_IPN_SECRET, NOWPAYMENTS_EMAIL and
NOWPAYMENTS_PASSWORD, or is made up. Prints one JSON line when ready: {"url"}, and "environment" where the
account was made up. Ends on SIGTERM or SIGINT.
"""

import argparse
import json
import os
import signal
import threading

from scripts.sandbox.nowpayments.sandbox import Account, NowPaymentsSandbox

VARIABLES = {
    "api_key": "NOWPAYMENTS_API_KEY",
    "ipn_secret": "NOWPAYMENTS_IPN_SECRET",
    "email": "NOWPAYMENTS_EMAIL",
    "password": "NOWPAYMENTS_PASSWORD",
}


def main() -> None:
    """Read the command line and serve until a signal."""
    parser = argparse.ArgumentParser(prog="scripts.sandbox.nowpayments", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    arguments = parser.parse_args()
    credentials = {
        name: os.environ[variable] for name, variable in VARIABLES.items() if variable in os.environ
    }
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        sandbox = NowPaymentsSandbox(Account(**credentials), arguments.port)
    except OSError as error:
        parser.error(f"{error.strerror}; choose another port with --port")
    with sandbox:
        ready = {"url": sandbox.url} | ({} if credentials else {"environment": sandbox.environment})
        print(json.dumps(ready), flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
