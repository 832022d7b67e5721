"""The proxy's file as text: what of the store and of the API the world is shown."""

import re

from scripts.embedded.process import PROJECT

CADDYFILE = (PROJECT / "scripts/deploy/Caddyfile").read_text()
SHOP, STORE = CADDYFILE.split("{$STORE_DOMAIN}")


def test_of_the_store_only_objects_of_the_bucket_are_passed_on() -> None:
    (methods,) = re.findall(r"method (.+)", STORE)
    (path,) = re.findall(r"path_regexp (.+)", STORE)

    assert methods.split() == ["GET", "HEAD", "PUT", "OPTIONS"]
    assert re.match(path, "/comptoir/a/b")
    assert not any(re.match(path, other) for other in ("/", "/comptoir", "/comptoir/", "/other/a", "/status"))
    assert re.search(r"handle \{\s+respond 404", STORE)


def test_metrics_are_for_inside() -> None:
    assert re.search(r"handle /metrics \{\s+respond 404", SHOP)


def test_requests_go_to_an_api_that_is_ready() -> None:
    assert re.search(r"reverse_proxy api-a:8000 api-b:8000", SHOP)
    assert "health_uri /readyz" in SHOP
    assert "lb_try_duration" in SHOP
