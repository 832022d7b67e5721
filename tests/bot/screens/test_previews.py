"""The stored preview of a product: on its card, and when somebody asks for it."""

from collections.abc import Callable, Iterator

import pytest
import redis
from sqlmodel import update

from core.catalogue.catalogue import current_assets
from core.catalogue.previews import TEASER, record_file_ids, record_preview
from core.kit.rows import id_of
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.preview import Archive, Description, Entry, Film, Outcome, Pages
from tests.support import make
from tests.support.shop_bot import ShopBot, ask
from tests.workers.telegram.test_messenger import PNG
from workers.telegram.messenger import TelegramMessenger

Upload = Callable[[str], str]


@pytest.fixture
def upload(shop: ShopBot, bot_settings: Callable[..., Settings], redis_url: str) -> Iterator[Upload]:
    """Put a picture at Telegram as the delivery worker does; its file id."""
    with redis.Redis.from_url(redis_url) as client:
        messenger = TelegramMessenger(bot_settings(), shop.database, client)

        def put(name: str) -> str:
            if name == TEASER:
                return messenger.upload_teaser(name, PNG, (640, 360), 6)
            return messenger.upload_picture(name, PNG)

        yield put
        messenger.close()


def previewed(
    shop: ShopBot, description: Description, file_ids: dict[str, str], outcome: Outcome = "made"
) -> str:
    """A product whose file has this preview; its slug."""
    with shop.database.transaction() as session:
        item = make.product(session)
        (asset,) = current_assets(session, id_of(item))
        now = utc_now()
        keys = {name: f"previews/{asset.id}/{name}" for name in file_ids}
        record_preview(
            session,
            asset.id,
            outcome=outcome,
            reason="",
            description=description,
            pictures=keys,
            now=now,
        )
        record_file_ids(session, asset.id, file_ids, made_at=now)
        return item.slug


def test_the_card_shows_the_poster_and_the_preview_is_an_album_of_all_pictures(
    shop: ShopBot, upload: Upload
) -> None:
    slug = previewed(shop, Pages(12), {name: upload(name) for name in ("page-2.jpg", "poster.jpg")})
    ann = shop.person()
    card = ask(ann, f"/start p_{slug}", "Cours de couture")
    assert card.kind == "photo"
    ann.presses(card, "👁 Preview")
    first = ann.wait_for("PDF: 12 pages")
    second = ann.wait_for(lambda message: message.id == first.id + 1)
    assert [first.kind, second.kind] == ["photo", "photo"]
    assert first.album == second.album is not None
    assert first.file is not None
    assert card.file is not None
    assert first.file["id"] == card.file["id"]


def test_a_film_is_shown_by_its_teaser_before_its_pictures(shop: ShopBot, upload: Upload) -> None:
    film = Film("mov", 90.0, 640, 360, [], 9.0)
    slug = previewed(shop, film, {name: upload(name) for name in ("poster.jpg", "teaser.mp4")})
    ann = shop.person()
    ann.presses(ask(ann, f"/start p_{slug}", "Cours de couture"), "👁 Preview")
    teaser = ann.wait_for("1:30")
    poster = ann.wait_for(lambda message: message.id == teaser.id + 1)
    assert (teaser.kind, poster.kind) == ("document", "photo")
    assert teaser.album == poster.album is not None
    assert teaser.file is not None
    assert (teaser.file["name"], teaser.file["mime_type"]) == ("teaser.mp4", "video/mp4")


def test_a_preview_of_one_picture_is_a_photo(shop: ShopBot, upload: Upload) -> None:
    slug = previewed(shop, Pages(1), {"poster.jpg": upload("poster.jpg")})
    ann = shop.person()
    ann.presses(ask(ann, f"/start p_{slug}", "Cours de couture"), "👁 Preview")
    message = ann.wait_for("PDF: 1 page")
    assert (message.kind, message.album) == ("photo", None)


def test_pictures_that_telegram_does_not_know_any_more_leave_the_words(shop: ShopBot) -> None:
    slug = previewed(shop, Pages(2), {"poster.jpg": "gone", "page-2.jpg": "gone"})
    ann = shop.person()
    ann.presses(ask(ann, f"/start p_{slug}", "Cours de couture"), "👁 Preview")
    assert ann.wait_for("PDF: 2 pages").kind == "text"


def test_an_archive_is_listed_in_the_readers_language_whatever_its_names(shop: ShopBot) -> None:
    names = [Entry(f"<b>{number}</b>&" + "😀" * 200, 10) for number in range(1000)]
    slug = previewed(shop, Archive("zip", names, 1000), {})
    ann = shop.person(language="fr")
    ann.presses(ask(ann, f"/start p_{slug}", "Cours de couture"), "👁 Aperçu")
    message = ann.wait_for("1\u202f000 éléments")
    assert message.kind == "text"
    assert "<b>0</b>&😀" in message.text
    assert message.text.endswith("…")


def test_a_file_above_the_operators_limit_says_so(shop: ShopBot) -> None:
    slug = previewed(shop, Pages(1), {}, "too-large")
    ann = shop.person()
    ann.presses(ask(ann, f"/start p_{slug}", "Cours de couture"), "👁 Preview")
    ann.wait_for("Preview unavailable (file too large)")


def test_a_made_up_button_for_a_preview_that_is_none_is_refused(shop: ShopBot) -> None:
    item = shop.do(lambda session: make.product(session))
    ann = shop.person()
    card = ask(ann, f"/start p_{item.slug}", "Cours de couture")
    assert "👁 Preview" not in [button.text for button in card.buttons]
    assert "There is no preview" in (ann.press_data(card, f"preview:{item.id}").text or "")


def test_a_draft_shows_its_preview_to_nobody_else(shop: ShopBot) -> None:
    slug = previewed(shop, Pages(3), {})
    ann = shop.person()
    card = ask(ann, f"/start p_{slug}", "Cours de couture")
    shop.do(lambda session: session.exec(update(Product).values(status="unpublished")))
    assert "does not exist" in (ann.presses(card, "👁 Preview").text or "")
