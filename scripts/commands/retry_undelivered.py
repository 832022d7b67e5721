"""`comptoir retry-undelivered`: look for paid orders that were not delivered, now instead of in minutes."""

import typer

from scripts.terminal.console import Json, Var, show_done, transaction

app = typer.Typer(add_completion=False)


@app.command()
def retry_undelivered(as_json: Json = False, var: Var = None) -> None:
    """Ask the workers to send every paid order that is due again, and print which ones."""
    from core.jobs.ledger import enqueue
    from core.orders.delivery import undelivered
    from schemas import jobs
    from schemas.base import utc_now

    with transaction(var) as session:
        due = undelivered(session, now=utc_now())
        job = enqueue(session, jobs.RetryUndelivered().by_hand())
    numbers = [f"CMT-{number:06d}" for number in due]
    sentence = (
        f"{len(due)} to be sent again: {', '.join(numbers)}." if due else "No order is due to be sent again."
    )
    show_done(sentence, {"orders": numbers, "job": job}, as_json)
