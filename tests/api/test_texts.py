"""Every text that comes over HTTP refuses NUL and surrogates, and has a bound: no field is a plain `str`."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.routes import HTTPRoute

from api.app import ROUTES
from api.documentation import describe

HOSTILE = ("\x00", "a\x00b", "\ud800", "a\udfff")


def app() -> Litestar:
    return Litestar(
        route_handlers=ROUTES,
        dependencies={"shop": Provide(lambda: None, sync_to_thread=False)},
        openapi_config=describe("Comptoir"),
        logging_config=None,
    )


def parameters() -> Iterator[tuple[str, Any]]:
    """Every parameter of every handler that a request fills, by a name for messages."""
    for route in app().routes:
        # Litestar's own answer below /schema looks nothing up.
        if isinstance(route, HTTPRoute) and not route.path.startswith("/schema"):
            for handler in route.route_handlers:
                for name, field in handler.parsed_fn_signature.parameters.items():
                    if name not in ("self", "shop", "request") and not name.startswith("openapi"):
                        yield f"{route.path_format} {handler.handler_name} {name}", field


def weak_texts(where: str, kind: msgspec.inspect.Type) -> Iterator[str]:
    """The texts inside a type that take what they must not."""
    match kind:
        case msgspec.inspect.StrType():
            pattern = kind.pattern
            if kind.max_length is None and not (pattern and "}$" in pattern):
                yield f"{where}: any length"
            if pattern is None or any(re.search(pattern, text) for text in HOSTILE):
                yield f"{where}: NUL or surrogates"
        case msgspec.inspect.StructType():
            for field in kind.fields:
                yield from weak_texts(f"{where}.{field.name}", field.type)
        case msgspec.inspect.ListType():
            yield from weak_texts(f"{where}[]", kind.item_type)
        case msgspec.inspect.DictType():
            yield from weak_texts(f"{where} key", kind.key_type)
            yield from weak_texts(f"{where}{{}}", kind.value_type)
        case msgspec.inspect.UnionType():
            for one in kind.types:
                yield from weak_texts(where, one)
        case msgspec.inspect.AnyType() | msgspec.inspect.BytesType():
            yield f"{where}: anything"


def test_no_field_of_a_body_is_a_plain_text() -> None:
    bodies = {field.annotation for name, field in parameters() if name.endswith(" data")}
    assert len(bodies) > 10
    weak = [text for body in bodies for text in weak_texts(str(body), msgspec.inspect.type_info(body))]
    assert weak == []


def test_no_parameter_of_a_path_or_query_is_a_plain_text() -> None:
    weak, texts = [], 0
    for name, field in parameters():
        if field.annotation is not str:
            continue
        texts += 1
        pattern, most = field.kwarg_definition.pattern, field.kwarg_definition.max_length
        if most is None or pattern is None or any(re.search(pattern, text) for text in HOSTILE):
            weak.append(name)
    assert texts > 10
    assert weak == []


@pytest.mark.parametrize("plain", [str, list[str], dict[str, int], str | None, Any])
def test_a_plain_text_would_be_found(plain: Any) -> None:
    assert list(weak_texts("here", msgspec.inspect.type_info(plain)))
