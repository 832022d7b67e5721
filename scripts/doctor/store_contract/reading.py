"""Clauses about reading: the headers that were asked for, ranges, and conditions."""

from core.kit.names import content_disposition
from scripts.doctor.store_contract.trial import LIFE, Answer, Trial, code_of, expect

BODY = bytes(range(256))
FILE_NAME = "été 1.txt"
TYPE = "application/x-comptoir"


def file_name(trial: Trial) -> str:
    """A download is saved under its name: the content-disposition that the address asks for."""
    got = _download(trial, "named.txt").headers.get("content-disposition", "")
    expect(got == content_disposition(FILE_NAME), f"the name of a download is ignored ({got or 'none'})")
    return "a download has the name that its address asks for"


def file_type(trial: Trial) -> str:
    """An answer has the content-type that the address asks for."""
    got = _download(trial, "typed.txt").headers.get("content-type", "")
    expect(got.startswith(TYPE), f"the type of a download is ignored ({got or 'none'})")
    return "a download has the type that its address asks for"


def ranges(trial: Trial) -> str:
    """Bytes from the middle come as 206 (RFC 9110, section 14)."""
    answer = _range(trial, "bytes=10-19")
    expect(answer.data == BODY[10:20], f"a range gives {len(answer.data)} bytes, with {answer.status}")
    placed = answer.headers.get("content-range", "")
    expect(placed == f"bytes 10-19/{len(BODY)}", f"a range does not say where it lies ({placed or 'none'})")
    expect(answer.status == 206, f"a range is answered with {answer.status}, its bytes are right", "warn")
    return "bytes from the middle come as 206"


def last_bytes(trial: Trial) -> str:
    """The end of a file without knowing its size, as players ask for a film's index."""
    answer = _range(trial, "bytes=-7")
    expect(answer.data == BODY[-7:], f"the last 7 bytes give {len(answer.data)}, with {answer.status}")
    expect(answer.status == 206, f"the last bytes come with {answer.status}, and are right", "warn")
    return "the last bytes come as 206"


def beyond_the_end(trial: Trial) -> str:
    """A download that is whole and asks for more is told so."""
    status = _range(trial, f"bytes={len(BODY)}-").status
    expect(status == 416, f"a range beyond the end is answered with {status}")
    return "a range beyond the end is answered with 416"


def if_match(trial: Trial) -> str:
    """A read that goes on gets nothing of a file that was replaced meanwhile."""
    key = trial.stored("same.bin", BODY)
    etag = trial.ask("GET", key).headers.get("etag", "")
    same = trial.ask("GET", key, headers={"If-Match": etag, "Range": "bytes=0-9"})
    expect(same.data == BODY[:10], f"If-Match with its own ETag is answered with {code_of(same)}")
    other = trial.ask("GET", key, headers={"If-Match": f'"{"0" * 32}"', "Range": "bytes=0-9"}).status
    expect(other == 412, f"If-Match with another ETag is answered with {other}")
    return "If-Match is obeyed"


def if_none_match(trial: Trial) -> str:
    """What a browser has already is not sent again."""
    key = trial.stored("known.bin", BODY)
    etag = trial.ask("GET", key).headers.get("etag", "")
    status = trial.ask("GET", key, headers={"If-None-Match": etag}).status
    expect(status == 304, f"If-None-Match with its own ETag is answered with {status}")
    return "If-None-Match is obeyed"


def _download(trial: Trial, name: str) -> Answer:
    key = trial.stored(name, BODY)
    url = trial.s3.sign_download(key, file_name=FILE_NAME, content_type=TYPE, expires=LIFE)
    answer = trial.send("GET", url)
    expect(answer.data == BODY, f"an address with name and type is answered with {code_of(answer)}", "fail")
    return answer


def _range(trial: Trial, byte_range: str) -> Answer:
    return trial.ask("GET", trial.stored("ranges.bin", BODY), headers={"Range": byte_range})
