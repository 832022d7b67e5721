"""The OpenAPI document without a server or settings: `python -m api.openapi > openapi.json`.

The types of the Mini App are made of it.
"""

import json
import sys
from typing import Any

from litestar import Litestar
from litestar.di import Provide

from api.app import ROUTES
from api.documentation import describe, with_structs


def openapi_document() -> dict[str, Any]:
    """The document as `/schema/openapi.json` serves it, for a shop called Comptoir."""
    app = Litestar(
        route_handlers=ROUTES,
        dependencies={"shop": Provide(lambda: None, sync_to_thread=False)},
        openapi_config=describe("Comptoir"),
        logging_config=None,
    )
    return with_structs(app.openapi_schema.to_schema())


def main() -> int:
    """Print the document."""
    json.dump(openapi_document(), sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
