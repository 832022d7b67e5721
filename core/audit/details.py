"""What an entry of the audit log may say beside who, what and on what: fields with names and types.

Numbers, flags, our own ids, money, codes of machines, and words of closed lists; never text that somebody
typed. So an entry names nobody, and erasing a person needs none of them changed. What people give as their
reason is a note (`core.audit.notes`), of which an entry holds the number.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, get_args
from uuid import UUID

from core.kit.money import EXPONENTS, Money
from core.ports import NEEDED_RIGHTS
from schemas.disputes import DisputeStatus
from schemas.membership import EndedBy, Joining, MembershipAct, PutOutReason
from schemas.people import Role
from schemas.preview import Choice
from schemas.rails import Provider, Rail
from schemas.sales import Entry, EventState

Detail = int | bool | str | UUID | Money | Mapping[str, Money] | Mapping[str, Sequence[Money]] | None
OTHER = "other"
ERROR = r"[A-Z][A-Z0-9_]{2,63}"
_REASONS = """
    other staff fee-refunded
    amount-differs currency-differs payer-differs second-payment paid-twice late-payment overpaid
    partial-expired delivery-failed no-file buyer-blocked refund-failed payment-failed payment-refunded
    payment-of-another-order redeposit invoice-differs invoice-refused
    checkout-refused payment-unseen channel-gone no-time-left own-product
    shop-closed put-out barred kept-after-refund unknown-money plan-full plan-over plan-closed plan-audience
    plan-code-needed already-member already-owned membership-waiting membership-cancelled membership-paused
    already-lifetime
    size-differs type-differs content-differs program-disguised not-a-picture blocked telegram-gone
    file-already-replaced sampled-file-replaced
    member ended expired paused revoked no-grant no_grant unknown-channel time refund seller dispute
"""
REASONS = frozenset((*_REASONS.split(), *get_args(PutOutReason)))
"""Why something was done or left, where a rule of ours decided it."""

RAILS: set[str] = set(get_args(Rail))
"""The ways to pay; one that is registered beside them is added."""


class FreeText(TypeError):
    """A rule of ours would write into the audit log what may not be there."""


def listed(reason: str) -> str:
    """A reason that comes from elsewhere, if it is one of ours, else `other`."""
    return reason if reason in REASONS else OTHER


def error_code(text: str) -> str:
    """The name of an error of Telegram (https://core.telegram.org/api/errors), else `other`."""
    code = re.search(ERROR, text)
    return code[0] if code else OTHER


def _number(detail: object) -> bool:
    return isinstance(detail, int) and not isinstance(detail, bool)


def _flag(detail: object) -> bool:
    return isinstance(detail, bool)


def _id(detail: object) -> bool:
    return isinstance(detail, UUID)


def _money(detail: object) -> bool:
    return isinstance(detail, Money) and detail.currency in EXPONENTS


def _prices(detail: object) -> bool:
    return isinstance(detail, Mapping) and all(
        rail in RAILS and isinstance(each, list | tuple) and all(map(_money, each))
        for rail, each in detail.items()
    )


def _sums(detail: object) -> bool:
    return isinstance(detail, Mapping) and all(
        _money(money) and money.currency == currency for currency, money in detail.items()
    )


def _code(form: str) -> Callable[[object], bool]:
    whole = re.compile(form)
    return lambda detail: isinstance(detail, str) and whole.fullmatch(detail) is not None


def _word(*words: str) -> Callable[[object], bool]:
    return _word_of(frozenset(words))


def _word_of(words: Set[str]) -> Callable[[object], bool]:
    return lambda detail: isinstance(detail, str) and detail in words


def _words_of(words: Set[str]) -> Callable[[object], bool]:
    return lambda detail: isinstance(detail, str) and all(word in words for word in detail.split(",") if word)


NUMBERS = """
    added balance_entry channel count ends kept_place matched memberships note order parts product rate
    received seller sessions since size skipped tokens until user
"""
FIELDS: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(NUMBERS.split(), _number),
    **dict.fromkeys(("renews", "terms_accepted"), _flag),
    **dict.fromkeys(("invite", "job"), _id),
    **dict.fromkeys(("amount", "price"), _money),
    "prices": _prices,
    "sums": _sums,
    "charge": _code(r"[\w.:+/=-]{1,200}"),  # of a provider, as Telegram's of a payment in Stars
    "part": _code(r"[\w.:+/=-]{1,200}"),
    "dispute": _code(r"[a-z]{2,8}_[A-Za-z0-9_]{1,200}"),  # Stripe's
    "digest": _code(r"[0-9a-f]{64}"),
    "smtp": _code(r"[245]\d\d( [245]\.\d{1,3}\.\d{1,3})?"),
    "act": _word(*get_args(MembershipAct)),
    "by": _word(*get_args(EndedBy)),
    "ended_by": _word(*get_args(EndedBy)),
    "ended_for": _word("", *get_args(PutOutReason)),
    "how": _word("banned", "left"),
    "link": lambda detail: _id(detail) or detail in ("own", "passed_on", "none"),
    "place": _word("chat", "miniapp", "inline", "web"),
    "entry": _word(*get_args(Entry)),
    "rail": _word_of(RAILS),
    "reason": lambda detail: _word(*REASONS)(detail) or _code(ERROR)(detail),
    "choice": _word(*get_args(Choice)),
    "role": _word(*get_args(Role), "banned"),
    "why": _word(*get_args(Joining), "passed_on", "put_out"),
    "provider": _word(*get_args(Provider)),
    "offered": _words_of(RAILS),
    "missing": _words_of(frozenset(NEEDED_RIGHTS)),
    "status": _word(*get_args(DisputeStatus)),
    "states": _words_of(frozenset(get_args(EventState))),
}
"""Each field that an entry may have, and what it takes."""


def checked(details: Mapping[str, Detail]) -> dict[str, Any]:
    """The details as JSON. Raises `FreeText` for an unknown field, or one that does not take its value."""
    for name, detail in details.items():
        if name not in FIELDS or not (detail is None or FIELDS[name](detail)):
            raise FreeText(
                f"The audit log has no field {name} for {type(detail).__name__}: see core.audit.details"
            )
    return {name: _written(detail) for name, detail in details.items()}


def _written(detail: Any) -> Any:
    if isinstance(detail, UUID):
        return str(detail)
    if isinstance(detail, Money):
        return {"amount": detail.amount, "currency": detail.currency}
    if isinstance(detail, Mapping):
        return {name: _written(each) for name, each in detail.items()}
    if isinstance(detail, list | tuple):
        return [_written(each) for each in detail]
    return detail
