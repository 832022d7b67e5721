"""Who sells, by law, as a seller gives it in the Mini App."""

import pytest

from core.kit.db import Database
from tests.api.people import somebody
from tests.api.seller import Seller
from tests.support.web import Client

WHO = {"name": "Awa SARL", "address": "12 rue des Abbesses\n75018 Paris", "vat_number": "FR40123456789"}
NOBODY = {"name": "", "address": "", "vat_number": ""}


def test_it_is_kept_as_invoices_say_it_and_taken_back(seller: Seller) -> None:
    assert seller.call("GET", "/api/legal").json() == NOBODY
    typed = WHO | {"name": " Awa SARL ", "vat_number": "fr 40 123.456-789"}
    assert seller.call("PUT", "/api/legal", json=typed).json() == WHO
    assert seller.call("GET", "/api/legal").json() == WHO
    assert seller.call("PUT", "/api/legal", json=NOBODY).json() == NOBODY


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"address": ""}, "legal-incomplete"),
        ({"name": "x" * 121}, "legal-name-too-long"),
        ({"address": "x" * 301}, "legal-address-too-long"),
        ({"vat_number": "40123456789"}, "vat-number-wrong"),
    ],
)
def test_what_no_invoice_could_say_is_refused(seller: Seller, wrong: dict[str, str], code: str) -> None:
    refused = seller.call("PUT", "/api/legal", json=WHO | wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert "first line" not in refused.json()["detail"]
    assert seller.call("GET", "/api/legal").json() == NOBODY


def test_who_has_no_shop_has_no_invoices(app: Client, database: Database) -> None:
    _, headers = somebody(database)
    assert app.get("/api/legal", headers=headers).status_code == 404
    assert app.put("/api/legal", json=WHO, headers=headers).status_code == 404
