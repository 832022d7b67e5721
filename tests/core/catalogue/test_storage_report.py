"""What the store holds for us, and what that costs."""

import pytest
from sqlmodel import Session

from core.catalogue.storage_report import parse_price, storage_report
from core.kit.errors import SettingError
from tests.support.make import NOW
from tests.support.uploader import uploader_of


def test_the_report_says_what_is_kept_what_was_freed_and_what_it_costs(session: Session) -> None:
    uploader = uploader_of(session)
    uploader.verify(uploader.send("a.pdf", size=3 * 10**9))
    unfinished = uploader.open("b.pdf", size=10**9)
    unfinished.store_upload_id = "begun"
    gone = uploader.open("c.pdf", size=10**9)
    gone.state, gone.reclaimed_at, gone.reclaimed_bytes = "aborted", NOW, 2 * 10**9
    uploader.session.flush()
    lines = {line.what: line for line in storage_report(uploader.session, "0.023 USD")}
    assert (lines["files"].objects, lines["files"].bytes) == (1, 3 * 10**9)
    assert str(lines["files"].monthly_cost) == "0.0690"
    assert lines["unfinished, at most"].bytes == 10**9
    assert (lines["reclaimed"].bytes, str(lines["reclaimed"].monthly_cost)) == (2 * 10**9, "0.0460")


@pytest.mark.parametrize("text", ["", "x USD", "-1 USD", "0.02", "NaN USD"])
def test_a_price_that_makes_no_sense_names_its_setting(text: str) -> None:
    with pytest.raises(SettingError, match="STORE_PRICE is wrong"):
        parse_price(text)
