"""Each clause of the contract can fail: the embedded store behind a proxy that breaks just that."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from scripts.doctor.store_contract import access, parts, reading
from scripts.doctor.store_contract.contract import CLAUSES, try_clause
from scripts.doctor.store_contract.trial import Trial
from scripts.embedded.store import Store
from tests.support.stored import reaching
from tests.support.twisting_store import Answer, Request, TwistingStore, refusal
from workers import multipart_completion
from workers.bucket_cors import TELEGRAM_WEB
from workers.store import S3Store

Twist = Callable[[Request, Answer], Answer]
REFUSED = refusal(403, "AccessDenied")
RESULT = b"<CompleteMultipartUploadResult/>"


def completes(request: Request) -> bool:
    return request.method == "POST" and "uploadId=" in request.path


def puts_part(request: Request) -> bool:
    return request.method == "PUT" and "partNumber=" in request.path


def lists_parts(request: Request) -> bool:
    return request.method == "GET" and "uploadId=" in request.path


def when(asked: Callable[[Request], bool], answer: Answer) -> Twist:
    """Answer so where it is asked, whatever the store says."""
    return lambda request, given: answer if asked(request) else given


def instead(status: int, other: Answer) -> Twist:
    """Answer so in place of a status."""
    return lambda request, given: other if given.status == status else given


def without(header: str) -> Twist:
    """Answer without a header."""

    def twist(_request: Request, given: Answer) -> Answer:
        headers = {name: text for name, text in given.headers.items() if name.lower() != header}
        return replace(given, headers=headers)

    return twist


def with_header(name: str, text: str) -> Twist:
    """Answer with another header."""

    def twist(request: Request, given: Answer) -> Answer:
        return replace(without(name.lower())(request, given), headers={**given.headers, name: text})

    return twist


def with_etags(change: str) -> Twist:
    """Answer parts with ETags of another shape."""

    def twist(request: Request, given: Answer) -> Answer:
        if not puts_part(request):
            return given
        headers = {
            name: change.format(text) if name.lower() == "etag" else text
            for name, text in given.headers.items()
        }
        return replace(given, headers=headers)

    return twist


def encrypted(request: Request, given: Answer) -> Answer:
    """As where parts are encrypted: their ETags are no MD5, in answer and list."""
    headers = {
        name: re.sub(r"([0-9a-f]{32})", r"enc-\1", text) if name.lower() == "etag" else text
        for name, text in given.headers.items()
    }
    body = given.body
    if lists_parts(request):
        body = re.sub(rb"([0-9a-f]{32})((&#34;|&quot;|\")?</ETag>)", rb"enc-\1\2", body)
    return replace(given, headers=headers, body=body)


def one_part_less(request: Request, given: Answer) -> Answer:
    if not lists_parts(request):
        return given
    return replace(given, body=re.sub(rb"<Part>.*?</Part>", b"", given.body, count=1, flags=re.DOTALL))


def only_the_first(request: Request, given: Answer) -> Answer:
    """Take a part once, as a store that writes parts as they come."""
    number = re.search(r"partNumber=(\d+)", request.path)
    key = request.path.partition("?")[0]
    if not number or given.status != 200:
        return given
    seen = key in SEEN
    SEEN.add(key)
    return refusal(501, "NotImplemented") if seen else given


SEEN: set[str] = set()
HALF = b'<ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Part><PartNumber>1</PartNumber>'
HALF += b'<ETag>"00000000000000000000000000000000"</ETag><Size>9</Size></Part></ListPartsResult>'
PAGE = Answer(200, {"Content-Type": "text/html"}, b"<html><body>It works!</body>")
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "PUT"}
TWISTS: list[tuple[str, str, Twist]] = [
    ("signed addresses", "fail", when(lambda asked: asked.method == "GET", REFUSED)),
    ("signed addresses", "fail", when(lambda asked: asked.method == "PUT", REFUSED)),
    ("signed addresses", "fail", when(lambda asked: asked.method == "HEAD", Answer(403))),
    ("signed addresses", "fail", when(lambda asked: asked.method == "GET", PAGE)),
    ("expired addresses", "fail", instead(403, Answer(200, body=access.BODY))),
    ("changed addresses", "fail", instead(403, Answer(200, body=access.BODY))),
    ("strangers", "fail", when(lambda asked: "Signature" not in asked.path, Answer(200))),
    ("length of a part", "warn", instead(403, Answer(200))),
    ("missing files", "warn", instead(404, Answer(403))),
    ("missing files", "fail", when(lambda asked: asked.method == "HEAD", Answer(403))),
    ("listing", "warn", when(lambda asked: "list-type" in asked.path, REFUSED)),
    ("removing", "warn", with_header("x-amz-version-id", "v1")),
    ("removing", "fail", when(lambda asked: asked.method == "GET", Answer(200))),
    ("file names", "warn", without("content-disposition")),
    ("file types", "warn", with_header("Content-Type", "binary/octet-stream")),
    ("ranges", "warn", lambda asked, given: replace(given, status=200) if given.status == 206 else given),
    ("ranges", "fail", instead(206, Answer(200, body=reading.BODY))),
    ("last bytes", "fail", instead(206, Answer(200, body=reading.BODY))),
    ("beyond the end", "warn", instead(416, Answer(200, body=reading.BODY))),
    ("If-Match", "warn", instead(412, Answer(206, body=reading.BODY[:10]))),
    ("If-None-Match", "warn", instead(304, Answer(200, body=reading.BODY))),
    ("pages", "fail", when(lambda asked: asked.method == "OPTIONS", Answer(403))),
    ("ETag for pages", "fail", without("access-control-expose-headers")),
    ("foreign pages", "warn", when(lambda asked: asked.method == "OPTIONS", Answer(200, OPEN))),
    ("order of parts", "fail", when(completes, refusal(400, "InvalidPartOrder"))),
    ("order of parts", "fail", with_header("Content-Type", "binary/octet-stream")),
    ("part 10,000", "warn", when(lambda asked: "partNumber=10000" in asked.path, refusal(400, "TooMany"))),
    ("1,200 parts", "fail", one_part_less),
    ("1,200 parts", "fail", when(puts_part, refusal(400, "EntityTooSmall"))),
    ("ETags of parts", "warn", with_etags("W/{}")),
    ("ETags of parts", "warn", encrypted),
    ("ETags of parts", "fail", with_etags("other-{}")),
    ("ETags of parts", "fail", without("etag")),
    ("part sent twice", "warn", only_the_first),
    (
        "unfinished uploads",
        "warn",
        when(lambda asked: "uploads=" in asked.path and asked.method == "GET", REFUSED),
    ),
    ("aborted uploads", "warn", when(lists_parts, Answer(200, {"Content-Type": "application/xml"}, HALF))),
    ("wrong ETag", "fail", when(completes, Answer(200, body=RESULT))),
    ("wrong ETag", "warn", when(completes, refusal(400, "MalformedXML"))),
    ("completion", "fail", when(completes, PAGE)),
    ("completion", "fail", when(completes, replace(refusal(200, "InternalError")))),
    ("completion", "fail", when(lambda asked: asked.method == "GET", refusal(404, "NoSuchKey"))),
    ("damaged part", "warn", when(puts_part, Answer(200))),
    ("part cut short", "fail", when(lists_parts, Answer(200, {"Content-Type": "application/xml"}, HALF))),
    ("sender gone", "fail", when(completes, refusal(400, "InvalidPart"))),
]


@pytest.mark.parametrize(("name", "state", "twist"), TWISTS)
def test_a_clause_that_is_broken_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str, state: str, twist: Twist
) -> None:
    monkeypatch.setattr(parts, "MANY", 3)
    monkeypatch.setattr(multipart_completion, "PAUSES", ())
    (clause,) = (clause for clause in CLAUSES if clause.name == name)
    S3Store(reaching(store)).ensure_bucket((TELEGRAM_WEB,))
    with TwistingStore(store.port, behind=twist) as proxy:
        trial = Trial(replace(reaching(store), s3_endpoint=proxy.url), patience=60)
        try:
            finding = try_clause(clause, trial)
        finally:
            trial.clean()

    assert (finding.state, bool(finding.mend)) == (state, True), finding


def test_every_clause_was_broken() -> None:
    assert {name for name, _, _ in TWISTS} == {clause.name for clause in CLAUSES}


def test_an_answer_that_nobody_can_read_is_a_finding_too(store: Store) -> None:
    (clause,) = (clause for clause in CLAUSES if clause.name == "unfinished uploads")
    torn = Answer(200, {"Content-Type": "application/xml"}, b"<ListPartsResult")
    asked = when(lambda request: request.method == "GET", torn)
    with TwistingStore(store.port, behind=asked) as proxy:
        trial = Trial(replace(reaching(store), s3_endpoint=proxy.url), patience=60)
        finding = try_clause(clause, trial)
        trial.clean()

    assert finding.state == "warn"
    assert "could not be read" in finding.found
