"""`comptoir support`: the questions to support: list, show, answer and close them.

Exit codes: 0 done, 1 refused or failed, 2 wrongly asked.
"""

import hashlib
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from scripts.terminal.console import (
    ACTOR,
    Json,
    PageNumber,
    Var,
    row_of,
    show_done,
    show_fields,
    show_json,
    show_page,
    transaction,
)

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Questions to support.")
COLUMNS = ("id", "state", "about", "person", "order_number", "asked_at", "words")
Number = Annotated[int, typer.Argument(min=1, max=2**63 - 1, help="Number of the question")]
State = Annotated[Literal["open", "answered", "closed", "all"], typer.Option(help="Which to list")]
REACHES = {
    "telegram": "is on its way to the person in Telegram",
    "mail": "is on its way by e-mail",
    "app": "is kept, but the person has blocked the bot and gave no e-mail address: they find it in the app",
    "page": "stands on the page of the order; whoever asked gave no e-mail address",
}


@app.command("list")
def list_questions(
    state: State = "open", page: PageNumber = 1, as_json: Json = False, var: Var = None
) -> None:
    """List questions; open ones: who waits longest first."""
    from core.orders.receipts import waiting_orders
    from core.people.support_inbox import questions

    with transaction(var) as session:
        listed = questions(session, state=None if state == "all" else state, page=page)
        orders = waiting_orders(session)
    show_page(listed, COLUMNS, as_json, "No question is open." if state == "open" else "There is none.")
    if orders and not as_json:
        Console().print(
            Text(f"{orders} orders need support besides: `comptoir orders find` lists them first.")
        )


@app.command()
def show(number: Number, as_json: Json = False, var: Var = None) -> None:
    """Show a question and its answers."""
    from core.people.support_inbox import question_view

    with transaction(var) as session:
        view = question_view(session, number)
    answers = [row_of(line) for line in view.answers]
    if as_json:
        show_json({**row_of(view.question), "answers": answers})
        return
    show_fields(row_of(view.question), False)
    for line in answers:
        Console().print()
        show_fields(
            {"answer": line["words"], "staff": line["staff"], "created_at": line["created_at"]}, False
        )


@app.command()
def answer(
    number: Number,
    words: Annotated[str, typer.Argument(help="The answer; whoever asked reads it as it is")],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Answer a question. The same words again are the same answer, sent once."""
    from core.people.support import answer as send
    from schemas.base import utc_now

    key = f"cli:{number}:{hashlib.sha256(words.encode()).hexdigest()}"
    with transaction(var) as session:
        sent = send(session, number, words, actor=ACTOR, staff_id=None, key=key, now=utc_now())
    fields = {"id": number, "reach": sent.reach, "first": sent.first}
    show_done(f"The answer to question {number} {REACHES[sent.reach]}.", fields, as_json)


@app.command()
def close(number: Number, as_json: Json = False, var: Var = None) -> None:
    """End a question; whoever still waits for an answer is told."""
    from core.people.support import close as end
    from schemas.base import utc_now

    with transaction(var) as session:
        changed = end(session, number, actor=ACTOR, now=utc_now())
    sentence = f"Question {number} is closed."
    if not changed:
        sentence = f"Question {number} was closed before; nothing has changed."
    show_done(sentence, {"id": number, "changed": changed}, as_json)
