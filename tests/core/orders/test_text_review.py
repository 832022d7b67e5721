"""What a product says is looked at like its files: before it is shown, and again when it changes."""

import pytest
from sqlmodel import Session

from core.catalogue.catalogue import search, view
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.orders.publication import edit_product, publish, unpublish
from core.orders.text_review import TextRules, decide_product, mark_of, review_text, waiting_products
from schemas.catalogue import Product
from tests.support import make, make_members

NOW = make.NOW
ALL = TextRules("all", "")
WORDS = TextRules("flagged", "Poison, arme")


def change(session: Session, item: Product, title: str, description: str, rules: TextRules) -> None:
    """The seller edits the product."""
    edit_product(
        session,
        id_of(item),
        title=title,
        description=description,
        prices=make.PRICES,
        actor_user=make.owner_of(session, make.seller_of(session, item)),
        review=rules,
        now=NOW,
    )


def on_sale(session: Session) -> list[str]:
    return [found.title for found in search(session, "", page=1).items]


def decide(session: Session, item: Product, *, approved: bool, note: str = "") -> None:
    decide_product(session, id_of(item), mark_of(item), approved=approved, note=note, actor="user:1")


@pytest.mark.parametrize("kind", ["file", "membership"])
def test_new_words_are_shown_to_nobody_before_staff_accept_them(session: Session, kind: str) -> None:
    make.user(session, roles=("support",))
    item = make.product(session) if kind == "file" else make_members.plan(session)
    change(session, item, "Autre", "Tout neuf", ALL)
    assert on_sale(session) == []
    with pytest.raises(NotFound):
        view(session, product_id=id_of(item), viewer=make.user(session))
    with pytest.raises(Refused, match="not-published"):
        make.order(session, item)
    assert [(each.title, each.words) for each in waiting_products(session)] == [("Autre", "Tout neuf")]
    assert {"staff-text-waiting", "text-held"} <= set(make.sent_texts(session))
    decide(session, item, approved=True)
    assert (on_sale(session), waiting_products(session)) == (["Autre"], [])


def test_only_words_that_call_staff_are_held_where_flagged_ones_are_looked_at(session: Session) -> None:
    item = make.product(session)
    change(session, item, "Cours", "Douze leçons", WORDS)
    assert on_sale(session) == ["Cours"]
    change(session, item, "Cours", "Un POISON lent", WORDS)
    assert on_sale(session) == []
    change(session, item, "Cours", "Douze leçons", WORDS)
    assert on_sale(session) == ["Cours"]
    change(session, item, "Cours", "poison", TextRules("off", "poison"))
    assert on_sale(session) == ["Cours"]


def test_no_address_says_words_that_nobody_accepted(session: Session) -> None:
    taken = make.product(session, title="Tisane")
    item = make.product(session, title="Poison", published=False)
    change(session, item, "Poison fort", "", WORDS)
    assert item.slug == "poison-fort"
    owner = make.owner_of(session, make.seller_of(session, item))
    publish(session, id_of(item), actor_user=owner, now=NOW, review=WORDS)
    assert item.text_held_at is not None
    decide(session, item, approved=False, note="Non")
    change(session, item, "Tisane", "", WORDS)
    assert on_sale(session) == ["Tisane", "Tisane"]
    assert item.slug != taken.slug
    assert item.slug.startswith("tisane-")
    change(session, item, "Tisane forte", "", WORDS)
    assert item.slug.startswith("tisane-"), "links that buyers have go on"


def test_an_address_stays_while_other_words_wait(session: Session) -> None:
    item = make.product(session, title="Tisane")
    for title in ("Poison", "Arme", "Infusion"):
        change(session, item, title, "", WORDS)
        assert item.slug == "tisane"


def test_a_draft_is_looked_at_when_it_is_put_on_sale_and_what_was_accepted_never_again(
    session: Session,
) -> None:
    item = make.product(session, published=False)
    owner = make.owner_of(session, make.seller_of(session, item))
    change(session, item, "Autre", "", ALL)
    assert waiting_products(session) == []
    publish(session, id_of(item), actor_user=owner, review=ALL, now=NOW)
    assert (on_sale(session), len(waiting_products(session))) == ([], 1)
    decide(session, item, approved=True)
    unpublish(session, id_of(item), actor_user=owner, now=NOW)
    publish(session, id_of(item), actor_user=owner, review=ALL, now=NOW)
    assert on_sale(session) == ["Autre"]


def test_a_refusal_says_why_and_keeps_the_product_off_sale_until_its_words_change(session: Session) -> None:
    item = make.product(session)
    owner = make.owner_of(session, make.seller_of(session, item))
    change(session, item, "Poison", "", WORDS)
    with pytest.raises(Refused, match="note-empty"):
        decide(session, item, approved=False)
    decide(session, item, approved=False, note="Interdit ici")
    assert "text-refused" in make.sent_texts(session, owner)
    assert (on_sale(session), waiting_products(session)) == ([], []), "staff are not asked twice"
    change(session, item, "Poison", "", WORDS)
    assert (on_sale(session), waiting_products(session)) == ([], [])
    change(session, item, "Arme", "", WORDS)
    assert (on_sale(session), len(waiting_products(session))) == ([], 1)
    change(session, item, "Parfum", "", WORDS)
    assert on_sale(session) == ["Parfum"]


def test_staff_may_take_a_refusal_back(session: Session) -> None:
    item = make.product(session)
    change(session, item, "Poison", "", WORDS)
    decide(session, item, approved=False, note="Interdit ici")
    decide(session, item, approved=True)
    assert (on_sale(session), item.text_refused) == (["Poison"], None)


def test_an_answer_to_words_that_changed_since_decides_nothing(session: Session) -> None:
    item = make.product(session)
    change(session, item, "Un", "", ALL)
    old = mark_of(item)
    change(session, item, "Deux", "", ALL)
    with pytest.raises(Refused, match="text-not-waiting"):
        decide_product(session, id_of(item), old, approved=True, note="", actor="user:1")
    assert on_sale(session) == []
    review_text(session, item, TextRules("off", ""), now=NOW)
    with pytest.raises(Refused, match="text-not-waiting"):
        decide(session, item, approved=True)
