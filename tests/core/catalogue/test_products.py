import pytest
from sqlmodel import Session, col, select

from core.catalogue.catalogue import current_assets, prices_of
from core.catalogue.products import add_asset, create_product, set_picture, set_prices, set_rail_prices
from core.kit.errors import NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.people.sellers import open_shop
from schemas import jobs, picture_jobs
from schemas.catalogue import Asset, Price, Product
from tests.support import make


def replace(session: Session, item: Product, old: Asset, object_name: str = "uploads/1/x/new.pdf") -> Asset:
    return add_asset(
        session,
        item,
        key=object_name,
        name="nouveau.pdf",
        size=1,
        content_type="application/pdf",
        sha256=None,
        now=make.NOW,
        replaces=old.id,
    )


def test_two_products_of_one_title_get_slugs_of_their_own(session: Session) -> None:
    shop = make.seller(session)
    first, second = (make.product(session, shop, title="Été, 12 leçons") for _ in range(2))
    assert first.slug == "ete-12-lecons"
    assert second.slug.startswith("ete-12-lecons-")
    assert second.slug != first.slug


def test_a_shop_that_waits_for_approval_cannot_create_products(session: Session) -> None:
    person = make.user(session)
    application = {"name": "Atelier", "rails": ["stars"], "accept_terms": True, "approve_at_once": False}
    shop = open_shop(session, person, now=make.NOW, **application)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="shop-not-approved"):
        create_product(session, shop, title="Cours", description="", prices={}, now=make.NOW)


def test_a_title_or_description_that_is_too_long_is_refused(session: Session) -> None:
    shop = make.seller(session)
    with pytest.raises(Refused, match="title-too-long"):
        make.product(session, shop, title="x" * 4096)
    with pytest.raises(Refused, match="description-too-long"):
        make.product(session, shop, description="x" * 4097)


def test_markup_emoji_and_right_to_left_text_are_stored_as_typed(session: Session) -> None:
    item = make.product(session, title="<b>דרך</b> 🎓 & _x_", description="1 < 2\n<i>non</i>")
    session.expire_all()
    assert (item.title, item.description) == ("<b>דרך</b> 🎓 & _x_", "1 < 2\n<i>non</i>")


@pytest.mark.parametrize(
    ("rail", "price", "code"),
    [
        ("stars", Money(9, "EUR"), "price-wrong-currency"),
        ("crypto", Money(9, "XTR"), "price-wrong-currency"),
        ("manual", Money(9, "ZZZ"), "price-wrong-currency"),
        ("stars", Money(0, "XTR"), "bad-amount"),
        ("gold", Money(9, "EUR"), "rail-unknown"),
    ],
)
def test_a_price_must_fit_its_rail(session: Session, rail: str, price: Money, code: str) -> None:
    with pytest.raises(Refused, match=code):
        set_prices(session, id_of(make.product(session)), {rail: [price]})


def test_a_new_price_replaces_the_old_one_of_its_rail(session: Session) -> None:
    item = make.product(session)
    set_rail_prices(session, id_of(item), "crypto", [Money(1, "USD")])
    assert prices_of(session, [id_of(item)])[id_of(item)] == make.PRICES | {"crypto": [Money(1, "USD")]}
    set_rail_prices(session, id_of(item), "crypto", [])
    assert "crypto" not in prices_of(session, [id_of(item)])[id_of(item)]


def test_a_rail_has_a_price_in_each_currency_in_the_order_of_its_seller(session: Session) -> None:
    item = make.product(session)
    euros, dollars = Money(999, "EUR"), Money(1100, "USD")
    for several in ([euros, dollars], [dollars, euros], [dollars], [dollars, Money(6500, "XAF")]):
        set_prices(session, id_of(item), {"manual": several, "stars": [Money(5, "XTR")]})
        kept = prices_of(session, [id_of(item)])[id_of(item)]
        assert list(kept.items()) == [("manual", several), ("stars", [Money(5, "XTR")])]
    with pytest.raises(Refused, match="price-twice"):
        set_prices(session, id_of(item), {"manual": [euros, Money(1, "EUR")]})


def test_prices_that_stay_are_not_written_again(session: Session) -> None:
    item = make.product(session)
    numbers = select(Price.id).where(Price.product_id == item.id).order_by(col(Price.id))
    before = session.exec(numbers).all()
    set_prices(session, id_of(item), make.PRICES)
    assert session.exec(numbers).all() == before


def test_one_product_holds_several_files_in_order(session: Session) -> None:
    item = make.product(session, files=("b.pdf", "a.pdf", "c.zip"))
    assert [file.name for file in current_assets(session, id_of(item))] == ["b.pdf", "a.pdf", "c.zip"]


def test_the_same_object_added_twice_is_one_file_and_never_of_two_products(session: Session) -> None:
    item = make.product(session)
    first = make.asset(session, item, object_name="uploads/1/x/cours.pdf")
    assert make.asset(session, item, object_name="uploads/1/x/cours.pdf").id == first.id
    with pytest.raises(Refused, match="file-key-taken"):
        make.asset(session, make.product(session), object_name="uploads/1/x/cours.pdf")


def test_a_replacement_takes_the_place_of_the_old_file_and_is_announced_once(session: Session) -> None:
    item = make.product(session, files=("1.pdf", "2.pdf"))
    old = current_assets(session, id_of(item))[0]
    new = replace(session, item, old)
    assert replace(session, item, old).id == new.id
    assert [file.name for file in current_assets(session, id_of(item))] == ["nouveau.pdf", "2.pdf"]
    assert (old.status, new.replaces_id) == ("retired", old.id)
    assert make.queued(session, jobs.AnnounceReplacement) == [jobs.AnnounceReplacement(asset_id=new.id)]


def test_a_file_is_replaced_once_and_only_in_its_own_product(session: Session) -> None:
    item = make.product(session)
    old = current_assets(session, id_of(item))[0]
    with pytest.raises(NotFound, match="file-unknown"):
        replace(session, make.product(session), old)
    replace(session, item, old)
    with pytest.raises(Refused, match="file-already-replaced"):
        replace(session, item, old, "uploads/1/y/newer.pdf")


def test_a_hostile_file_name_is_cleaned_before_it_is_stored(session: Session) -> None:
    file = make.asset(session, make.product(session), name="../../\x07" + "é" * 300 + ".pdf")
    stored = session.exec(select(Asset.name).where(Asset.id == file.id)).one()
    assert "/" not in stored
    assert stored.endswith(".pdf")
    assert len(stored.encode()) <= 255


def test_a_new_picture_is_shown_to_telegram_once(session: Session) -> None:
    item = make.product(session)
    item.picture_file_id = "old"
    for _ in range(2):
        set_picture(session, item, key="uploads/1/p/a.jpg")
    assert item.picture_key == "uploads/1/p/a.jpg"
    assert session.exec(select(Product.picture_file_id).where(Product.id == item.id)).one() is None
    assert make.queued(session, picture_jobs.PublishPicture) == [
        picture_jobs.PublishPicture(product_id=id_of(item))
    ]
