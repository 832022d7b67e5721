"""Web pages: Jinja templates with every word from the catalogue of texts."""

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from markupsafe import Markup

from api.requests import AnyRequest, language_of
from core.kit.languages import LANGUAGES
from core.kit.money import Money
from core.kit.texts import Param, file_size, money, of_kind, plain, text
from core.process.settings import Settings

HERE = Path(__file__).parent
STATIC = HERE / "static"


def page(
    request: AnyRequest,
    settings: Settings,
    name: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **filling: Any,
) -> Response[bytes]:
    """The template `name` in the reader's language. Never stored by a cache, never indexed unless it says."""
    language = language_of(request)
    body = (
        _environment()
        .get_template(f"{name}.html")
        .render(
            language=language,
            languages=LANGUAGES,
            shop_name=settings.shop_name,
            legal=legal_lines(settings),
            is_test=settings.is_test,
            static=static_address,
            link=partial(address_of, request),
            in_language=partial(_in_language, request),
            t=partial(plain, language),
            html=partial(_html, language),
            price=partial(_price, language),
            size=partial(file_size, language),
            of_kind=of_kind,
            **{"path": request.url.path} | filling,
        )
    )
    always = {"cache-control": "no-store", "content-language": language, "vary": "accept-language"}
    return Response(
        body.encode(), status_code=status, media_type=MediaType.HTML, headers=always | (headers or {})
    )


def legal_lines(settings: Settings) -> list[str]:
    """Who sells, by law, line by line; none where the operator has not said it."""
    lines = (settings.legal_name, settings.legal_address, settings.legal_number, settings.legal_contact)
    return [line for line in lines if line]


def address_of(request: AnyRequest, path: str, **asked: str) -> str:
    """A path of ours in the language that the reader has chosen, if any, with what is asked of it besides."""
    chosen = request.query_params.get("lang", "")
    query = urlencode({"lang": chosen} | asked if chosen in LANGUAGES else asked)
    return f"{path}?{query}" if query else path


def _in_language(request: AnyRequest, path: str, code: str) -> str:
    """The same page in another language, at the prices that it shows."""
    currency = request.query_params.get("currency", "")[:3]
    return f"{path}?{urlencode({'lang': code} | ({'currency': currency} if currency else {}))}"


@cache
def static_address(name: str) -> str:
    """Where a static file is served; the address changes with its content, so browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _html(language: str, name: str, **params: Param) -> Markup:
    """A text with its own markup; what fills it is escaped."""
    return Markup(text(language, name, **params))  # noqa: S704 - `text` escapes what fills it


def _price(language: str, price: Money) -> str:
    return money(language, price)
