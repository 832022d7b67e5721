"""The loopback Stripe as tests use it: judged by Stripe's own contract."""

from collections.abc import Iterator
from contextlib import contextmanager

from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.contract.judge import Contract


@contextmanager
def judged_stripe() -> Iterator[StripeSandbox]:
    """A running stand-in; at the end no request, answer or event may have broken the contract.

    Whoever provokes such faults takes them out of `faults` before.
    """
    with StripeSandbox(judge=Contract()) as sandbox:
        yield sandbox
        sandbox.flush()
        assert sandbox.faults == []
