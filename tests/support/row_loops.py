"""Loops over rows: each goes on behind a bad row, or says here why it may stop at one.

Whoever acts on rows goes through them by `core.kit.bad_rows.each`, whoever lists them reads them by
`core.kit.readable_rows`. What is looked for are loops, and comprehensions, over what a statement gave in the
same function, and loops over what a rule of ours gave that was handed a session.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "workers", "bot")
ASKING = {"exec", "execute", "scalars"}
HANDLES = {"session", "connection"}
GUARDS = {"readable", "build_readable", "each"}
Rule = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

KEYS = "keys, numbers and closed words alone are read: there is nothing in them that Python could not read"
SUMS = "counts and sums that the database made of rows, whatever else they hold"
ONE = (
    "the rows of one order, person, plan or channel: a bad one stops that alone, and its job or guard says so"
)
BUILT = "built inside build_readable or each, which go on one by one where it fails"
WHOLE = "all or nothing, as was asked for: half of it would be wrong, and whoever asked reads why"
QUEUE = (
    "the queue's and the workers' own rows, with the database's clock as their only dates; swept when over"
)
WORDS = "words alone are read, and compared or shown as they are"

ALLOWED = {
    "bot/handlers/notifications.py:_screen": "kinds of a closed list, and whether each is wanted",
    "bot/handlers/texts.py:show_waiting": "those that could be read, their words cut to fit a message",
    "core/audit/notes.py:words_of": WORDS,
    "core/audit/sealing.py:_seal_batch": WHOLE,  # a chain with a hole proves nothing; admins are alerted
    "core/audit/sealing.py:_next_entries": WHOLE,
    "core/audit/search.py:list_entries": "`_line` shows an entry that cannot be read as such",
    "core/catalogue/catalogue.py:assets_by_product": BUILT,
    "core/catalogue/catalogue.py:prices_of": BUILT,
    "core/catalogue/listing_fee.py:_orders_of_fee": KEYS,
    "core/catalogue/previews.py:ask_again": KEYS,
    "core/catalogue/previews.py:faces": BUILT,
    "core/catalogue/previews.py:record_file_ids": ONE,
    "core/catalogue/previews.py:remake_withheld": KEYS,
    "core/catalogue/statistics.py:_ranked": SUMS,
    "core/catalogue/statistics.py:series": SUMS,
    "core/jobs/admin/bulk_actions.py:_identify": WHOLE,
    "core/jobs/admin/bulk_actions.py:perform": KEYS,
    "core/jobs/admin/dead_groups.py:dead_groups": QUEUE,
    "core/jobs/admin/listing.py:show_job": QUEUE,
    "core/jobs/admin/overview.py:queue_lines": QUEUE,
    "core/jobs/admin/overview.py:worker_lines": QUEUE,
    "core/jobs/admin/schedules_view.py:_readable": "it is such a guard itself",
    "core/jobs/admin/schedules_view.py:schedule_lines": QUEUE,
    "core/jobs/schedules.py:tick": BUILT,
    "core/jobs/sweeper.py:_due": KEYS,
    "core/kit/readable_rows.py:_one_by_one": "it is the guard itself",
    "core/memberships/admission.py:plans_for": WORDS,
    "core/memberships/admission.py:prepare": ONE,
    "core/memberships/card_members.py:bind": ONE,
    "core/memberships/checks.py:_holders": KEYS,
    "core/memberships/doubled.py:stop_doubled": KEYS,
    "core/memberships/expiry.py:_warn_missed": BUILT,
    "core/memberships/expiry.py:due": KEYS,
    "core/memberships/expiry.py:expire_tokens": KEYS,
    "core/memberships/imports.py:_add": BUILT,
    "core/memberships/imports.py:_memberships": KEYS,
    "core/memberships/lifetime.py:held_for_ever": KEYS,
    "core/memberships/miniapp_views.py:figures": WORDS,
    "core/memberships/plan_changes.py:target": "those that could be read",
    "core/memberships/putting_out.py:_end_orders": ONE,
    "core/memberships/putting_out.py:_revoke": ONE,
    "core/memberships/queries.py:_places": ONE,
    "core/memberships/seller_figures.py:churn_by_month": SUMS,
    "core/memberships/seller_figures.py:revenue_by_month": SUMS,
    "core/memberships/side_by_side.py:_channels_of_rivals": KEYS,
    "core/memberships/subscriptions.py:stop_renewal": ONE,
    "core/memberships/transitions.py:change": "two states of one membership, no rows",
    "core/memberships/transitions.py:_put_out": KEYS,
    "core/monitoring/alerts.py:_tell_admins": KEYS,
    "core/monitoring/metrics.py:_days": SUMS,
    "core/monitoring/metrics.py:_money": SUMS,
    "core/monitoring/metrics.py:_promises": SUMS,
    "core/monitoring/metrics.py:_queues": SUMS,
    "core/notifications/choices.py:choices_of": KEYS,
    "core/notifications/notify.py:notify_staff": KEYS,
    "core/notifications/recipients.py:staff_ids": KEYS,
    "core/orders/delivery.py:_due": KEYS,
    "core/orders/delivery.py:undelivered": KEYS,
    "core/orders/expiry.py:_expire": ONE,
    "core/orders/grants.py:owners_of": KEYS,
    "core/payments/balances.py:export_csv": KEYS,  # the lines themselves are read by build_readable
    "core/payments/balances.py:owed": SUMS,
    "core/payments/month_sums.py:_papers": SUMS,
    "core/payments/month_sums.py:_payouts": SUMS,
    "core/payments/papers.py:_tax_in": ONE,
    "core/payments/rails/stripe/disputes.py:apply_disputes": ONE,
    "core/payments/statements.py:statement_lines": WHOLE,  # a month that lacks a paper is a wrong month
    "core/payments/our_books.py:_charges": WHOLE,  # books that lack a line are wrong books
    "core/payments/our_books.py:_refunds": WHOLE,
    "core/payments/our_books.py:_whole_refunds": WHOLE,
    "core/payments/rails/nowpayments/books.py:_orders": WHOLE,
    "core/payments/checkout.py:order_page": ONE,
    "core/payments/evidence.py:_of_claims": ONE,
    "core/payments/evidence.py:_of_downloads": ONE,
    "core/payments/evidence.py:_of_links": ONE,
    "core/payments/evidence.py:_of_memberships": ONE,
    "core/payments/evidence.py:_of_questions": ONE,
    "core/payments/dispute_books.py:dispute_lines": WHOLE,  # as our_lines
    "core/payments/event_replay.py:count_events": SUMS,
    "core/payments/event_replay.py:replay": KEYS,
    "core/payments/papers.py:papers_of": ONE,
    "core/payments/rails/manual/likeness.py:alike": WORDS,
    "core/payments/rails/nowpayments/payments.py:earlier": ONE,
    "core/payments/rails/nowpayments/payments.py:invoices_of": ONE,
    "core/payments/rails/stripe/books.py:_account": KEYS,
    "core/payments/rails/stripe/books.py:_accounts": KEYS,
    "core/payments/rails/stripe/books.py:read_books": "it names what fails of one account by itself",
    "core/payments/rails/stripe/missed.py:_unread": KEYS,
    "core/payments/rails/stripe/missed.py:read_missed": "it notes what fails of one account by itself",
    "core/payments/rails/stripe/onboarding.py:connected_ids": KEYS,
    "core/payments/refunds.py:refundable": ONE,
    "core/payments/second_try.py:try_event_again": ONE,
    "core/people/seller_view.py:_pictures": KEYS,
    "core/people/seller_view.py:_revenue": SUMS,
    "core/people/staff_news.py:refresh_menus": KEYS,
    "core/people/support_inbox.py:_answers": BUILT,
    "workers/actors/evidence.py:remind_disputes": KEYS,
    "workers/actors/links.py:announce_replacement": KEYS,
    "workers/actors/notices.py:relay_question": "readers that could be read, each sent to alone",
    "workers/telegram/slots.py:lease_slot": KEYS,
    "workers/actors/stripe_accounts.py:check_stripe_accounts": KEYS,
}


def named(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (part for part in ast.walk(node) if isinstance(part, ast.Call))


def asks(node: ast.AST) -> bool:
    """Whether the database is asked in it: session.exec(...) and the like."""
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr in ASKING
        and bool(named(call.func.value) & HANDLES)
        for call in calls(node)
    )


def hands_on(node: ast.AST) -> bool:
    """Whether a rule is called in it that is given the session."""
    return any(isinstance(arg, ast.Name) and arg.id in HANDLES for call in calls(node) for arg in call.args)


def is_guarded(node: ast.AST) -> bool:
    return any(isinstance(call.func, ast.Name) and call.func.id in GUARDS for call in calls(node))


def given(rule: Rule, question: ast.AST) -> set[str]:
    """The names in a rule that hold what such an expression gave."""
    found: set[str] = set()
    for node in ast.walk(rule):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is question:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= set().union(*map(named, targets))
    return found


def unguarded(rule: Rule) -> bool:
    """Whether a rule goes through rows by itself."""
    values = [
        node.value
        for node in ast.walk(rule)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None
    ]
    open_values = [value for value in values if not is_guarded(value)]
    rows = set().union(*(given(rule, value) for value in open_values if asks(value)))
    handed = rows.union(*(given(rule, value) for value in open_values if hands_on(value)))

    def over(source: ast.AST, names: set[str], *, rules: bool) -> bool:
        if is_guarded(source):
            return False
        return asks(source) or bool(named(source) & names) or (rules and hands_on(source))

    for node in ast.walk(rule):
        if isinstance(node, ast.For | ast.AsyncFor) and over(node.iter, handed, rules=True):
            return True
        if isinstance(node, Comprehension) and any(
            over(part.iter, rows, rules=False) for part in node.generators
        ):
            return True
    return False


def rules_of(source: str) -> Iterator[Rule]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, Rule))


def unguarded_loops() -> set[str]:
    """All rules that go through rows by themselves: `path:name`."""
    return {
        f"{path.relative_to(ROOT)}:{rule.name}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
        for rule in rules_of(path.read_text())
        if unguarded(rule)
    }
