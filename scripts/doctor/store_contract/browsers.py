"""Clauses about pages: who may send parts (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from scripts.doctor.store_contract.trial import Trial, expect

FOREIGN = "https://somebody-else.invalid"
BODY = b"a part from a page"


def preflight(trial: Trial) -> str:
    """The shop's pages and Telegram's web client may PUT."""
    shut_out = [origin for origin in trial.origins if not _allowed(trial, origin)]
    expect(not shut_out, f"pages at {' and '.join(shut_out)} may not send parts")
    return f"pages at {' and '.join(trial.origins)} may send parts"


def etag_shown(trial: Trial) -> str:
    """A page may read the ETag of the part that it sent."""
    upload = trial.begin("page.bin")
    hidden = []
    for number, origin in enumerate(trial.origins, start=1):
        url = trial.part_url(upload, number, len(BODY))
        exposing = trial.send("PUT", url, BODY, {"Origin": origin}).headers
        names = [
            name.strip() for name in exposing.get("access-control-expose-headers", "").lower().split(",")
        ]
        if exposing.get("access-control-allow-origin") not in ("*", origin) or not {"etag", "*"} & set(names):
            hidden.append(origin)
    expect(not hidden, f"pages at {' and '.join(hidden)} may not read the ETag of a part")
    return "pages may read the ETag of a part"


def foreign_pages(trial: Trial) -> str:
    """Other people's pages may send nothing."""
    expect(not _allowed(trial, FOREIGN), "pages of any site may send parts, if they find an address")
    return "other people's pages may not send parts"


def _allowed(trial: Trial, origin: str) -> bool:
    url = trial.sign("PUT", trial.key("page.bin"))
    preflight = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    preflight["Access-Control-Request-Headers"] = "content-type"
    answer = trial.send("OPTIONS", url, headers=preflight)
    methods = answer.headers.get("access-control-allow-methods", "")
    let_in = answer.headers.get("access-control-allow-origin") in ("*", origin)
    return answer.status < 300 and let_in and ("PUT" in methods or methods == "*")
