"""The OpenAPI document without a server or settings: `python -m api.openapi > openapi.json`.

The types of the Mini App are made of it. With --descriptions it prints what the docstrings say instead:
`python -m api.openapi --descriptions > api/descriptions.json`.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from litestar import Litestar
from litestar.di import Provide

from api.app import ROUTES
from api.documentation import describable, describe, described, with_structs


def openapi_document() -> dict[str, Any]:
    """The document as `/schema/openapi.json` serves it, for a shop called Comptoir."""
    return described(_schema())


def descriptions() -> dict[str, str]:
    """What the docstrings say, by operation and struct; nothing under `python -OO`."""
    return {
        name: part["description"]
        for name, part in describable(with_structs(_schema()))
        if "description" in part
    }


def _schema() -> dict[str, Any]:
    app = Litestar(
        route_handlers=ROUTES,
        dependencies={"shop": Provide(lambda: None, sync_to_thread=False)},
        openapi_config=describe("Comptoir"),
        logging_config=None,
    )
    return app.openapi_schema.to_schema()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the document, or the descriptions in it."""
    parser = argparse.ArgumentParser(prog="api.openapi", description=__doc__)
    parser.add_argument("--descriptions", action="store_true", help="what the docstrings say")
    document = descriptions() if parser.parse_args(arguments).descriptions else openapi_document()
    json.dump(document, sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
