"""Messages for sellers: opening a shop, its products, sales and balance."""

from datetime import timedelta

from bot.keyboards import Rows, button, labelled, pager
from core.catalogue.catalogue import FileView, ProductView
from core.kit.money import Money
from core.kit.pagination import Page
from core.kit.prices import amounts_of
from core.kit.rail_policy import CHOSEN
from core.kit.texts import file_size, money, money_list, plain, shorten, text
from core.notifications.telegram_messages import TITLE_LIMIT, short_name
from core.payments.balances import Balance
from core.payments.month_sums import StatementSum, month_of, named_month
from core.people.sellers import SaleLine
from core.people.shop_fees import FeeView
from core.ports import Button, Message
from schemas.people import Seller
from schemas.stripe import TaxState

FILES_SHOWN = 20


def invitation(language: str, refused: Seller | None) -> Message:
    """What a shop is for, and the button that opens one; after a refusal, to ask again."""
    lead = text(language, "sell-refused", name=refused.name) + "\n\n" if refused else ""
    return Message(lead + text(language, "sell-invitation"), [[labelled(language, "open-shop", "shop_new")]])


def name_question(language: str) -> Message:
    """The question how the new shop is called."""
    return Message(text(language, "sell-name-question"), [[labelled(language, "cancel", "cancel")]])


def terms(language: str, name: str) -> Message:
    """The terms that a seller accepts."""
    rows = [[labelled(language, "accept", "shop_accept")], [labelled(language, "cancel", "cancel")]]
    return Message(text(language, "sell-terms", name=name), rows)


def rails_question(language: str, chosen: list[str]) -> Message:
    """The question by which rails the shop is paid; a press takes or leaves one."""
    rows: Rows = [
        [button(f"{'✅' if rail in chosen else '⬜️'} {plain(language, f'rail-{rail}')}", "shop_rail", rail)]
        for rail in CHOSEN
    ]
    if chosen:
        rows.append([labelled(language, "finish", "shop_open")])
    rows.append([labelled(language, "cancel", "cancel")])
    return Message(text(language, "sell-rails-question"), rows)


def menu(
    language: str,
    shop: Seller,
    mini_app: Button | None,
    cards: Button | None = None,
    *,
    fee: FeeView | None = None,
) -> Message:
    """The menu of a shop; `mini_app` opens the Mini App, `cards` card payments there. `fee`: what it owes the
    operator each month."""
    if shop.status == "suspended" and fee is not None and fee.state == "suspended":
        closed = text(language, "shop-is-suspended-fee", name=shop.name)
        return Message(f"{closed}\n\n{_fee_line(language, fee)}", [[_pay_fee(language, fee)]])
    if shop.status != "approved":
        return Message(text(language, f"shop-is-{shop.status}", name=shop.name))
    rows = [
        [labelled(language, "my-products", "my_products", 1), labelled(language, "sales", "sales", 1)],
        [labelled(language, "my-plans", "my_plans"), labelled(language, "my-channels", "my_channels")],
        [labelled(language, "balance", "balance"), labelled(language, "statement", "statement")],
        [labelled(language, "shop-card", "shop_card")],
    ]
    if mini_app is not None:
        rows.insert(0, [mini_app])
    if cards is not None:
        rows.append([cards])
    rails = ", ".join(plain(language, f"rail-{rail}") for rail in shop.rails)
    head = text(language, "shop-menu", name=shop.name, rails=rails)
    if fee is None:
        return Message(head, rows)
    rows.append([_pay_fee(language, fee)])
    return Message(f"{head}\n\n{_fee_line(language, fee)}", rows)


def _fee_line(language: str, fee: FeeView) -> str:
    return text(language, "shop-fee-line", state=fee.state, until=int(fee.paid_until.timestamp()))


def _pay_fee(language: str, fee: FeeView) -> Button:
    return labelled(language, "pay-shop-fee", "product", fee.product_id)


def cards(language: str, shop: Seller, cards_button: Button | None, tax: TaxState | None) -> Message:
    """What card payments are, and the button that leads to them; `tax` of an account that takes cards."""
    rows: Rows = [[labelled(language, "shop", "shop")]]
    words = [text(language, "cards", name=shop.name) if cards_button else text(language, "cards-no-app")]
    if tax is not None:
        words.append(text(language, f"card-tax-{tax}"))
        buttons = {"off": [("ask", "on")], "asked": [("again", "on"), ("end", "off")], "on": [("end", "off")]}
        rows[:0] = [[labelled(language, f"tax-{act}", "card_tax", wish)] for act, wish in buttons[tax]]
    if cards_button is not None:
        rows.insert(0, [cards_button])
    return Message("\n\n".join(words), rows)


def products(language: str, page: Page[ProductView], mini_app: Button | None) -> Message:
    """The shop's products; a mark says which are on sale. `mini_app` opens the Mini App."""
    rows = [
        [button(f"{_mark(item)} {shorten(item.title, 45)}", "my_product", item.id)] for item in page.items
    ]
    rows.append(pager(page.number, page.pages, "my_products"))
    rows.append([labelled(language, "shop", "shop")])
    head = (
        text(language, "my-products", count=page.total) if page.total else text(language, "my-products-none")
    )
    if mini_app is not None:
        rows.insert(0, [mini_app])
    how = text(language, "how-to-add-in-app" if mini_app else "how-to-add-product")
    return Message(f"{head}\n\n{how}", rows)


def product(language: str, item: ProductView, *, has_app: bool) -> Message:
    """One product as its seller sees it; in the Mini App, where there is one, its files are replaced."""
    body = text(
        language,
        "my-product",
        title=shorten(item.title, TITLE_LIMIT),
        status=plain(language, f"product-{_state(item)}"),
        prices=money_list(language, amounts_of(item.prices)) or "—",
        sales=item.sales,
    )
    files = "\n".join(
        text(language, "product-file", name=short_name(file.name), size=file_size(language, file.size))
        for file in item.files[:FILES_SHOWN]
    )
    published = item.status == "published"
    turn = labelled(language, *(("unpublish", "unpublish") if published else ("publish", "publish")), item.id)
    rows = [[turn, labelled(language, "product", "product", item.id)]]
    rows.append([labelled(language, "prices", "prices", item.id)])
    rows += [[_preview_button(language, file)] for file in item.files[:FILES_SHOWN]]
    rows.append([labelled(language, "my-products", "my_products", 1)])
    choice = text(language, "preview-choice-help") if item.files else ""
    replacing = text(language, "how-to-replace-in-app" if has_app else "how-to-replace-file")
    parts = (body, files, choice, replacing)
    return Message("\n\n".join(part for part in parts if part), rows)


def _preview_button(language: str, file: FileView) -> Button:
    """What is shown of a file now; pressed, it asks for another choice."""
    shown = plain(language, f"preview-choice-{file.preview_choice}")
    return button(f"👁 {shorten(file.name, 25)} · {shown}", "shown_of_file", str(file.id))


def withdrawal(language: str, item: ProductView) -> Message:
    """The question whether a product is really to be taken off sale."""
    title = shorten(item.title, TITLE_LIMIT)
    ways = ("unpublish-yes", "unpublished"), ("back-to-product", "my_product")
    rows = [[labelled(language, label, name, item.id)] for label, name in ways]
    return Message(text(language, "product-withdrawing", title=title), rows)


def sales(language: str, page: Page[SaleLine]) -> Message:
    """The sales of a shop, one a line and a button."""
    rows: Rows = [
        [button(f"{line.number} · {shorten(line.title, 30)}", "sale", line.order_id)] for line in page.items
    ]
    rows += [pager(page.number, page.pages, "sales"), [labelled(language, "shop", "shop")]]
    if not page.total:
        return Message(text(language, "sales-none"), rows)
    lines = [
        text(
            language,
            "sale-line",
            number=line.number,
            title=shorten(line.title, 60),
            price=money(language, line.price),
            when=int(line.paid_at.timestamp()),
            status=plain(language, f"status-{line.status}"),
        )
        for line in page.items
    ]
    return Message("\n\n".join([text(language, "sales-head", count=page.total), *lines]), rows)


def balance(language: str, lines: list[Balance]) -> Message:
    """What is owed and what was paid out, per rail."""
    rows = [[labelled(language, "shop", "shop")]]
    if not lines:
        return Message(text(language, "balance-none"), rows)
    balances = [
        text(
            language,
            "balance-line",
            rail=plain(language, f"rail-{line.rail}"),
            owed=money(language, Money(line.owed, line.currency)),
            paid=money(language, Money(line.paid_out, line.currency)),
        )
        for line in lines
    ]
    return Message("\n".join([text(language, "balance-head"), *balances]), rows)


def statement(language: str, month: str, sums: list[StatementSum], *, latest: str) -> Message:
    """A month in sums, by rail and currency, with the way to its file and to the months around it."""
    begin, following = month_of(month)
    before = named_month(begin - timedelta(days=1))
    around = [button(f"« {before}", "statement", before)]
    if month < latest:
        after = named_month(following)
        around.append(button(f"{after} »", "statement", after))
    rows: Rows = [around, [labelled(language, "shop", "shop")]]
    head = text(language, "statement-head", when=int(begin.timestamp()))
    if not sums:
        return Message(f"{head}\n\n{text(language, 'statement-none')}", rows)
    rows.insert(0, [labelled(language, "statement-file", "statement_file", month)])
    return Message("\n\n".join([head, *(_statement_line(language, line) for line in sums)]), rows)


def _statement_line(language: str, line: StatementSum) -> str:
    amounts = {
        name: money(language, Money(amount, line.currency))
        for name, amount in (
            ("sold", line.sold),
            ("back", line.given_back),
            ("net", line.net),
            ("paid", line.paid_out),
        )
    }
    rail = plain(language, f"rail-{line.rail}")
    counts = {"sales": line.sales, "refunds": line.refunds}
    words = text(language, "statement-line", rail=rail, currency=line.currency, **counts, **amounts)
    if line.vat is None:
        return words
    vat = money(language, Money(line.vat, line.currency))
    return f"{words}\n{text(language, 'statement-vat', vat=vat)}"


def _mark(item: ProductView) -> str:
    return {"published": "🟢", "draft": "📝"}.get(_state(item), "⚪️")


def _state(item: ProductView) -> str:
    """How a product stands: what waits for staff, was refused by them, or whose shop is closed, is not on
    sale."""
    if item.text_refused:
        return "refused"
    if item.text_held:
        return "held"
    return "closed" if item.status == "published" and not item.on_sale else item.status
