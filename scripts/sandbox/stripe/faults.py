"""What goes wrong where a driver says so, with events and with requests."""

from dataclasses import dataclass


@dataclass
class Faults:
    """Of events. `withhold`: kept back until `release`; `copies`: each is sent so many times; `twins`: two
    events for one change; `shuffle`: the seed by which the events of one batch are mixed; `lose`: so many of
    the next ones are never sent; `delay`: seconds of the stand-in's clock before they are; `old_version`:
    rendered as before 2025-03-31; `live`: they say that they are of live mode.

    Of requests. `slow`: seconds before each answer; `busy`: so many of the next ones get 429, with
    `retry_after` seconds; `fail_after` and `cut_after`: so many of the next POST are carried out, then
    answered with 500, or not at all: the connection is cut.
    """

    withhold: bool = False
    copies: int = 1
    twins: bool = False
    shuffle: int | None = None
    lose: int = 0
    delay: int = 0
    old_version: bool = False
    live: bool = False
    slow: float = 0.0
    busy: int = 0
    retry_after: int = 1
    fail_after: int = 0
    cut_after: int = 0
