"""How a paper looks: its facts as one page of HTML, which workers set as a PDF (workers.papers)."""

from collections.abc import Iterable
from html import escape

from core.kit.money import Money
from core.kit.texts import money, plain
from core.payments.papers import facts_of, number_of
from schemas.papers import Paper

STYLE = """
@page { margin: 0 }
body { margin: 0; font-family: sans-serif; font-size: 10pt; line-height: 1.45; color: #334155 }
table { width: 100%; border-collapse: collapse }
td { vertical-align: top; padding: 0 }
.band { height: 9pt; background-color: #8b5cf6 }
.deep { height: 3pt; background-color: #7c3aed }
.sheet { margin: 40pt 52pt 0 52pt }
.shop { font-size: 16pt; font-weight: bold; color: #1e293b; line-height: 1.25 }
.kind { font-size: 24pt; font-weight: bold; color: #7c3aed; line-height: 1.1; text-align: right }
.number { font-size: 11pt; font-weight: bold; color: #1e293b; text-align: right }
.date, .right { text-align: right }
.label { font-size: 8pt; color: #64748b }
.strong { font-weight: bold; color: #1e293b }
.space { height: 30pt }
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
    rail = plain(language, f"rail-{facts.rail}")
    seller = [f'<span class="strong">{escape(facts.seller)}</span>', *_lines(facts.address)]
    if facts.vat_number:
        seller.append(words("vat", number=facts.vat_number))
    buyer = escape(facts.buyer) if facts.buyer else words("buyer-unknown")
    sums, notes = "", [words("keep", number=facts.order_number)]
    if facts.tax is None:
        notes.insert(0, words("taxes"))
    else:
        sums = "".join(
            f'<tr class="sum"><td>{words(name)}</td><td class="right">{amount(part)}</td></tr>'
            for name, part in (("net", paper.amount - facts.tax), ("tax", facts.tax))
        )
    if facts.waived_at is not None:
        notes.append(words("waived", when=int(facts.waived_at.timestamp())))
    if facts.corrects:
        notes.insert(0, words("corrects", number=facts.corrects))
    if facts.reason:
        notes.insert(1, words("reason", reason=facts.reason))
    paid = words("paid-how", rail=rail, when=int(facts.paid_at.timestamp()))
    return f"""<html><head><style>{STYLE}</style></head><body>
<div class="band"></div><div class="deep"></div>
<div class="sheet">
<table><tr>
<td style="width:55%"><div class="shop">{escape(facts.shop)}</div></td>
<td style="width:45%"><div class="kind">{words(paper.kind)}</div>
<div class="number">{escape(number_of(paper))}</div><div class="date">{issued}</div></td>
</tr></table>
<div class="space"></div>
<table><tr>
<td style="width:55%"><div class="label">{words("from")}</div><div>{"<br/>".join(seller)}</div></td>
<td style="width:45%"><div class="label">{words("to")}</div><div class="strong">{buyer}</div>
<div>{words("order", number=facts.order_number)}</div></td>
</tr></table>
<div class="space"></div>
<table>
<tr class="head"><td style="width:70%">{words("what")}</td>
<td style="width:30%" class="right">{words("amount")}</td></tr>
<tr class="line"><td style="width:70%"><div class="strong">{escape(facts.title)}</div></td>
<td style="width:30%" class="right"><div>{sum_paid}</div></td></tr>
{sums}
<tr class="total"><td>{words("total-back" if facts.corrects else "total")}</td>
<td class="right">{sum_paid}</td></tr>
</table>
<div class="space"></div>
<div class="label">{words("payment")}</div><div>{paid}</div>
<div class="small">{escape(facts.provider_id)}</div>
<div class="space"></div><div class="rule"></div><div class="gap"></div>
<div class="small">{"<br/>".join(notes)}</div>
</div></body></html>"""


def _lines(words: str) -> Iterable[str]:
    return (escape(line) for line in words.splitlines() if line.strip())
