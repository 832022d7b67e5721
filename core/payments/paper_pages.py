"""How a paper looks: its facts as one page of HTML, which workers set as a PDF (workers.papers)."""

from collections.abc import Iterable
from decimal import Decimal
from html import escape

from core.kit.money import Money
from core.kit.texts import money, plain
from core.payments.papers import facts_of, number_of
from schemas.papers import Paper, PaperFacts

# fmt: off
UNION = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)
# fmt: on
"""How VAT numbers of the European Union begin (Directive 2006/112/EC, art. 215)."""
RATES = sorted([Decimal(halves) / 2 for halves in range(1, 61)] + [Decimal("2.1")])
STYLE = """
@page { margin: 40pt 0 40pt 0 }
body { margin: 0; font-family: sans-serif; font-size: 10pt; line-height: 1.45; color: #334155 }
table { width: 100%; border-collapse: collapse }
td { vertical-align: top; padding: 0 }
.band { height: 9pt; background-color: #8b5cf6 }
.deep { height: 3pt; background-color: #7c3aed }
.sheet { margin: 0 52pt 0 52pt }
.shop { font-size: 16pt; font-weight: bold; color: #1e293b; line-height: 1.25 }
.kind { font-size: 24pt; font-weight: bold; color: #7c3aed; line-height: 1.1; text-align: right }
.number { font-size: 11pt; font-weight: bold; color: #1e293b; text-align: right }
.date, .right { text-align: right }
.label { font-size: 8pt; color: #64748b }
.strong { font-weight: bold; color: #1e293b }
.space { height: 30pt }
.left { width: 270pt }
.side { width: 221pt }
.wide { width: 371pt }
.narrow { width: 80pt }
.when { width: 105pt }
.happened { width: 346pt }
.gap { height: 8pt }
.rule { border-top: 1pt solid #e5e7eb; height: 1pt }
.head td { font-size: 8pt; color: #64748b; padding: 0 10pt 6pt 10pt }
.line td { padding: 12pt 10pt 12pt 10pt; border-top: 1pt solid #e5e7eb }
.sum td { padding: 0 10pt 10pt 10pt; color: #64748b }
.total td { padding: 12pt 10pt 12pt 10pt; background-color: #f1eafe; font-size: 13pt; font-weight: bold;
  color: #5b21b6 }
.small { font-size: 8pt; color: #64748b }
"""


def page_of(paper: Paper) -> str:
    """The HTML of a paper in the language of its order."""
    facts = facts_of(paper)
    language = facts.language

    def words(name: str, **params: str | int) -> str:
        return escape(plain(language, f"paper-{name}", **params))

    def amount(minor: int) -> str:
        sign = -1 if paper.kind == "credit_note" else 1
        return escape(money(language, Money(sign * minor, paper.currency)))

    sum_paid = amount(paper.amount)
    issued = words("date", when=int(paper.issued_at.timestamp()))
    how: dict[str, str | int] = {
        "rail": plain(language, f"rail-{facts.rail}"),
        "when": int(facts.paid_at.timestamp()),
    }
    corrected = facts.corrects
    if facts.corrected_at is not None:
        when = int(facts.corrected_at.timestamp())
        corrected = plain(language, "paper-of-day", number=facts.corrects, when=when)
    what, payment = (
        "what",
        f'<div class="label">{words("payment")}</div><div>{words("paid-how", **how)}</div>',
    )
    if facts.corrects:
        what = "what-back"
        payment = f"""<div class="label">{words("credited")}</div><div>{escape(corrected)}</div>
<div>{words("paid-by", **how)}</div>"""
    seller = [f'<span class="strong">{escape(facts.seller)}</span>', *_lines(facts.address)]
    if facts.vat_number:
        seller.append(words("vat", number=facts.vat_number))
    buyer = escape(facts.buyer) if facts.buyer else words("buyer-unknown")
    sums, notes = "", [words("keep", number=facts.order_number)]
    if facts.tax is None:
        notes.insert(0, words("taxes"))
    else:
        percent = rate_of(facts, paper.amount)
        tax = words("tax") if percent is None else words("tax-rate", rate=_percent(language, percent))
        notes.insert(0, words("tax-by" if percent is None else "tax-by-rate"))
        sums = "".join(
            f'<tr class="sum"><td>{name}</td><td class="right">{amount(part)}</td></tr>'
            for name, part in ((words("net"), paper.amount - facts.tax), (tax, facts.tax))
        )
    if facts.waived_at is not None:
        notes.append(words("waived", when=int(facts.waived_at.timestamp())))
    if facts.corrects:
        notes.insert(0, words("corrects", number=corrected))
    if facts.reason:
        notes.insert(1, words("reason", reason=facts.reason))
    return f"""<html><head><style>{STYLE}</style></head><body>
<div class="sheet">
<div class="band"></div><div class="deep"></div><div class="space"></div>
<table><tr>
<td class="left"><div class="shop">{escape(facts.shop)}</div></td>
<td class="side"><div class="kind">{words(paper.kind)}</div>
<div class="number">{escape(number_of(paper))}</div><div class="date">{issued}</div></td>
</tr></table>
<div class="space"></div>
<table><tr>
<td class="left"><div class="label">{words("from")}</div><div>{"<br/>".join(seller)}</div></td>
<td class="side"><div class="label">{words("to")}</div><div class="strong">{buyer}</div>
<div>{words("order", number=facts.order_number)}</div></td>
</tr></table>
<div class="space"></div>
<table>
<tr class="head"><td class="wide">{words(what)}</td>
<td class="narrow right">{words("amount")}</td></tr>
<tr class="line"><td class="wide"><div class="strong">{escape(facts.title)}</div></td>
<td class="narrow right"><div>{sum_paid}</div></td></tr>
{sums}
<tr class="total"><td>{words("total-back" if facts.corrects else "total")}</td>
<td class="right">{sum_paid}</td></tr>
</table>
<div class="space"></div>
{payment}
<div class="small">{escape(facts.provider_id)}</div>
<div class="space"></div><div class="rule"></div><div class="gap"></div>
<div class="small">{"<br/>".join(notes)}</div>
</div></body></html>"""


def rate_of(facts: PaperFacts, amount: int) -> Decimal | None:
    """The rate of VAT in percent that the sums of an invoice leave, of which only its tax was told to us.

    None where they leave several or none, where there is no tax, or where the seller is not in the European
    Union: there rates are whole or half numbers, and 2.1 in France (Directive 2006/112/EC, art. 226 (9)).
    """
    if not facts.tax or facts.vat_number[:2] not in UNION:
        return None
    tax, net, half = Decimal(facts.tax), Decimal(amount - facts.tax), Decimal("0.5")
    if net <= half:
        return None
    least, most = 100 * (tax - half) / (net + half), 100 * (tax + half) / (net - half)
    left = [rate for rate in RATES if least <= rate <= most]
    return left[0] if len(left) == 1 else None


def _percent(language: str, rate: Decimal) -> str:
    digits = f"{rate.normalize():f}"
    return f"{digits.replace('.', ',')}\u00a0%" if language == "fr" else f"{digits}%"


def _lines(words: str) -> Iterable[str]:
    return (escape(line) for line in words.splitlines() if line.strip())
