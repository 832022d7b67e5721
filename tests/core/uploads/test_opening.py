"""Who may open an upload, of what, and how many at once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.rows import id_of
from core.monitoring.disk import Disk
from core.process.settings import Settings
from core.uploads.opening import (
    MOST_UNFINISHED,
    PICTURE_LIMIT,
    Fingerprint,
    Wish,
    open_upload,
    own_upload,
    rules_of,
    uploads_under_way,
)
from core.uploads.part_plan import LARGEST_FILE
from schemas.catalogue import Product
from schemas.people import User
from tests.support import make
from tests.support.make import NOW
from tests.support.make_members import DAY
from tests.support.uploader import Uploader


def test_only_ones_own_products_take_uploads(uploader: Uploader, session: Session) -> None:
    stranger = make.user(session, roles=("seller",))
    uploader.owner = session.get_one(User, stranger.id)
    with pytest.raises(Refused, match="not-your-product"):
        uploader.open()
    uploader.owner, uploader.product = stranger, Product(id=10**9, seller_id=1, slug="", title="")
    with pytest.raises(NotFound):
        uploader.open()


def test_the_same_file_again_is_the_same_upload_and_lives_longer(uploader: Uploader) -> None:
    first = uploader.open()
    mark = Fingerprint(**{**first.fingerprint, "modified": 99})  # a phone gives it another time at each pick
    wish = Wish(first.product_id, first.name, first.size, "", mark)
    again, is_new = open_upload(uploader.session, uploader.owner, wish, uploader.rules, now=NOW + DAY)
    assert (again.id, is_new) == (first.id, False)
    assert again.expires_at == NOW + DAY + uploader.rules.life
    assert [upload.id for upload in uploads_under_way(uploader.session, uploader.owner)] == [first.id]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"size": 0}, "file-empty"),
        ({"size": 10**15}, "too-large-to-upload"),
        ({"purpose": "picture", "size": PICTURE_LIMIT + 1}, "too-large-to-upload"),
        ({"purpose": "picture", "head": b"%PDF-1.7"}, "not-a-picture"),
        ({"head": b"PK\3\4" + bytes(60)}, "content-differs"),
        ({"head": b"MZ" + bytes(60)}, "program-disguised"),
        ({"replaces": uuid4()}, "file-unknown"),
    ],
)
def test_what_cannot_be_taken_is_refused_before_a_byte_is_sent(
    uploader: Uploader, wish: dict[str, Any], code: str
) -> None:
    with pytest.raises((Refused, NotFound), match=code):
        uploader.open(**wish)


@pytest.mark.parametrize("declared", ["", "application/octet-stream", "image/pjpeg", "x/y", "no type at all"])
def test_what_is_declared_refuses_nothing(uploader: Uploader, declared: str) -> None:
    jpeg, slices = b"\xff\xd8\xff\xe0", ["0" * 64] * 3
    mark, product = Fingerprint(9, 1, slices), id_of(uploader.product)
    picture = Wish(product, "photo", 9, declared, mark, purpose="picture", head=jpeg)
    book = Wish(product, "cours.pdf", 9, declared, mark, head=b"%PDF-1.7")
    for wish in (picture, book):
        assert open_upload(uploader.session, uploader.owner, wish, uploader.rules, now=NOW)[0].state == "open"


def test_a_fingerprint_is_of_the_file_that_it_comes_with(uploader: Uploader) -> None:
    wish = Wish(id_of(uploader.product), "a.pdf", 5, "", Fingerprint(6, 1, ["0" * 64] * 3))
    with pytest.raises(Refused, match="fingerprint-differs"):
        open_upload(uploader.session, uploader.owner, wish, uploader.rules, now=NOW)


def test_a_file_that_would_enter_the_reserve_is_refused_and_one_under_way_goes_on(uploader: Uploader) -> None:
    begun = uploader.open("begun.pdf", size=60)
    uploader.rules = replace(uploader.rules, disk=Disk(total=1000, free=100))
    with pytest.raises(Refused, match="no-room") as refused:
        uploader.open("large.pdf", size=51)
    assert refused.value.details == {"size": 51, "room": 50}
    assert uploader.open("small.pdf", size=50).state == "open"
    assert uploader.open("begun.pdf", size=60).id == begun.id


def test_a_person_begins_only_so_many(uploader: Uploader) -> None:
    for number in range(MOST_UNFINISHED):
        uploader.open(f"{number}.pdf")
    with pytest.raises(Refused, match="too-many-uploads"):
        uploader.open("one-more.pdf")


def test_an_upload_is_its_persons_own(uploader: Uploader) -> None:
    upload = uploader.open()
    assert own_upload(uploader.session, uploader.owner, upload.id).id == upload.id
    with pytest.raises(NotAllowed, match="not-your-upload"):
        own_upload(uploader.session, make.user(uploader.session), upload.id)


def test_the_rules_follow_the_settings(settings: Callable[..., Settings]) -> None:
    rules = rules_of(settings(max_upload_size=10**18, upload_days=3, upload_policy="after_payment"))
    assert (rules.max_size, rules.life, rules.policy, rules.fees) == (
        LARGEST_FILE,
        3 * DAY,
        "after_payment",
        {},
    )


def test_the_mini_app_takes_pictures_as_large_as_the_shop_does() -> None:
    form = (Path(__file__).parents[3] / "miniapp/src/screens/product-form.tsx").read_text()
    assert f"const PICTURE_LIMIT = {PICTURE_LIMIT:_};" in form
