"""What stands on every page of the shop: who runs it, by law."""

import html
from dataclasses import replace

from core.kit.db import Database
from core.process.settings import Settings
from tests.support.web import Client, serving

NOWHERE = "/p/nothing-of-that-name"


def footer(web: Client, language: str) -> str:
    page = html.unescape(web.get(NOWHERE, headers={"accept-language": language}).text)
    return page.partition("<footer>")[2].partition("</footer>")[0]


def test_who_runs_the_shop_stands_at_the_foot_of_pages(shop_settings: Settings, database: Database) -> None:
    lawful = replace(
        shop_settings,
        legal_name="Atelier <Été> SARL",
        legal_address="1 rue du Port, 44000 Nantes",
        legal_number="FR 40 123456789",
        legal_contact="bonjour@atelier.example",
    )
    with serving(lawful, database) as web:
        raw = web.get(NOWHERE).text
        for line in ("1 rue du Port, 44000 Nantes", "FR 40 123456789", "bonjour@atelier.example"):
            assert line in footer(web, "en")
        assert "Atelier &lt;Été&gt; SARL" in raw
        assert "This shop is run by" in footer(web, "en")
        assert "Cette boutique est tenue par" in footer(web, "fr")


def test_a_shop_that_names_nobody_has_no_footer(web: Client) -> None:
    assert "<footer>" not in web.get(NOWHERE).text
