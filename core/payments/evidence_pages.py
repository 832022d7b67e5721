"""How the proof of delivery looks: one document of HTML for the PDF, and the fields that Stripe gives a bank.

In English, which banks read (https://docs.stripe.com/disputes/responding).
"""

from datetime import UTC, datetime
from html import escape

from core.kit.texts import money
from core.payments.evidence import Event, EvidenceFacts
from core.payments.paper_pages import STYLE

LONGEST = 20_000
"""Characters of one text; Stripe takes 150,000 of all together."""
NOTE = (
    "All times are UTC. The shop writes them down by itself as things happen. A device is named by a digest "
    "of its network address and browser: one name is one device. Of the address itself only the beginning is "
    "kept, which names the network: 24 bits of IPv4, 48 of IPv6."
)


def evidence_page(facts: EvidenceFacts) -> str:
    """The HTML of the proof of delivery."""
    rows = "".join(
        f'<tr class="line"><td class="when">{_time(event.at)}</td>'
        f'<td class="happened">{escape(event.words)}</td></tr>'
        for event in facts.events
    )
    about = "".join(
        f'<tr><td class="when label">{name}</td><td class="happened">{escape(words)}</td></tr>'
        for name, words in _facts(facts)
    )
    return f"""<html><head><style>{STYLE}</style></head><body>
<div class="sheet">
<div class="band"></div><div class="deep"></div><div class="space"></div>
<table><tr><td class="left"><div class="shop">{escape(facts.shop)}</div></td>
<td class="side"><div class="kind">Proof of delivery</div>
<div class="number">Order {escape(facts.number)}</div></td></tr></table>
<div class="space"></div>
<table>{about}</table>
<div class="space"></div>
<table><tr class="head"><td class="when">When (UTC)</td><td class="happened">What happened</td></tr>
{rows}</table>
<div class="space"></div><div class="rule"></div><div class="gap"></div>
<div class="small">{NOTE}</div>
</div></body></html>"""


def evidence_texts(facts: EvidenceFacts) -> dict[str, str]:
    """Stripe's fields of evidence (https://docs.stripe.com/api/disputes/evidence_object); empty ones are left
    out."""
    waived = (
        "Before paying, the buyer asked for immediate delivery of digital content and agreed to give up the "
        f"right of withdrawal, on {_time(facts.waived_at)} UTC."
        if facts.waived_at
        else ""
    )
    texts = {
        "product_description": f"{facts.title}\n{facts.description}".strip(),
        "customer_name": facts.buyer,
        "service_date": facts.paid_at.astimezone(UTC).strftime("%Y-%m-%d") if facts.paid_at else "",
        "access_activity_log": "\n".join(map(_line, facts.events)),
        "refund_refusal_explanation": waived,
        "uncategorized_text": f"{_account(facts)}\n{NOTE}".strip(),
    }
    return {name: words[:LONGEST] for name, words in texts.items() if words}


def _facts(facts: EvidenceFacts) -> list[tuple[str, str]]:
    pairs = [
        ("Sold", facts.title),
        ("Price", money("en", facts.price)),
        ("Payment", facts.payment),
        ("Ordered", _time(facts.ordered_at)),
        ("Paid", _time(facts.paid_at) if facts.paid_at else ""),
        ("Buyer", facts.buyer),
        ("Telegram", facts.telegram),
    ]
    return [(name, words) for name, words in pairs if words]


def _account(facts: EvidenceFacts) -> str:
    return f"The buyer’s Telegram account: {facts.telegram}." if facts.telegram else ""


def _line(event: Event) -> str:
    return f"{_time(event.at)}  {event.words}"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
