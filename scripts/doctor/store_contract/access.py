"""Clauses about who is let in: signed addresses, what is not quite one, and the rights of the key."""

from datetime import timedelta

from core.kit.errors import StoreUnavailable
from scripts.doctor.store_contract.trial import Answer, Broken, Trial, code_of, expect

BODY = b"comptoir, for a buyer"


def signed(trial: Trial) -> str:
    """GET, HEAD and PUT by signed addresses, as buyers, players and sellers' browsers send them."""
    key = trial.stored("signed.txt", BODY)
    got = trial.ask("GET", key)
    expect(got.status == 200, f"a signed GET is answered with {code_of(got)}")
    expect(got.data == BODY, "a GET gives other bytes than were stored")
    head = trial.ask("HEAD", key)
    expect(head.status == 200, f"a signed HEAD is answered with {head.status}")
    expect(head.headers.get("content-length") == str(len(BODY)), "a HEAD does not say the size")
    return "GET, HEAD and PUT work by signed addresses"


def expired(trial: Trial) -> str:
    """An address whose time is over opens nothing."""
    key = trial.stored("expired.txt", BODY)
    answer = trial.send("GET", trial.sign("GET", key, ago=timedelta(hours=1), expires=60))
    expect(_refused(answer), f"an address that ended an hour ago is answered with {answer.status}")
    return "an address whose time is over opens nothing"


def changed(trial: Trial) -> str:
    """A signature covers key, method, time and all parameters."""
    key, other = trial.stored("mine.txt", BODY), trial.stored("others.txt", BODY)
    url = trial.sign("GET", key)
    signature = url[-64:]
    forged = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    tries = {
        "another key": ("GET", url.replace(key, other)),
        "a longer life": ("GET", url.replace("X-Amz-Expires=", "X-Amz-Expires=9")),
        "another parameter": ("GET", f"{url}&response-content-type=text%2Fhtml"),
        "another method": ("PUT", url),
        "another signature": ("GET", url[:-64] + forged),
    }
    let_in = [
        what for what, (method, address) in tries.items() if not _refused(trial.send(method, address, BODY))
    ]
    expect(not let_in, f"an address that was changed works: {', '.join(let_in)}")
    return "an address that was changed opens nothing"


def unsigned(trial: Trial) -> str:
    """Who has no signature reads, writes and lists nothing."""
    key, new = trial.stored("closed.txt", BODY), trial.key("by-a-stranger.txt")
    place = f"{trial.endpoint}/{trial.bucket}"
    tries = {
        "read": ("GET", f"{place}/{key}"),
        "write": ("PUT", f"{place}/{new}"),
        "list": ("GET", f"{place}/?list-type=2"),
        "list unfinished uploads of": ("GET", f"{place}/?uploads="),
    }
    may = [what for what, (method, url) in tries.items() if not _refused(trial.send(method, url, BODY))]
    expect(not may, f"everybody may {' and '.join(may)} the bucket")
    return "strangers read, write and list nothing"


def part_length(trial: Trial) -> str:
    """An address for a part takes exactly as many bytes as it was signed for."""
    upload = trial.begin("length.bin")
    answer = trial.send("PUT", trial.part_url(upload, 1, len(BODY)), BODY + BODY)
    expect(_refused(answer), "an address for a part takes more bytes than it was signed for")
    trial.put_part(upload, 1, BODY)
    return "an address for a part takes its own length alone"


def missing(trial: Trial) -> str:
    """What is not there is told from what may not be read."""
    key = trial.key("missing.txt")
    status = trial.ask("HEAD", key).status
    if status == 404:
        return "a file that is not there is answered with 404"
    try:
        stored = trial.s3.head(key)
    except StoreUnavailable:
        raise Broken(f"a HEAD of a file that is not there is answered with {status}", "fail") from None
    expect(stored is None, "a HEAD finds a file that is not there", "fail")
    raise Broken(f"a HEAD of a file that is not there is answered with {status}, and taken for missing")


def listing(trial: Trial) -> str:
    """The shop's key may list, and keys come back as they were written."""
    odd = trial.stored("é à+b & (1) %41.txt", BODY)
    got = trial.ask("GET", odd)
    expect(got.data == BODY, f"a key with accents and signs is answered with {code_of(got)}", "fail")
    try:
        names = {stored.key for stored in trial.s3.names(trial.prefix)}
    except StoreUnavailable:
        raise Broken("the key may not list the bucket") from None
    expect(odd in names, "a key with accents and signs is listed otherwise than it was written")
    return "objects are listed, and their keys are as written"


def deleting(trial: Trial) -> str:
    """What is removed is gone, and costs nothing any more."""
    key = trial.stored("removed.txt", BODY)
    version = trial.ask("HEAD", key).headers.get("x-amz-version-id", "null")
    trial.s3.delete(key)
    trial.s3.delete(key)  # what is gone can be removed
    expect(trial.ask("GET", key).status != 200, "an object that was removed can still be read", "fail")
    expect(version == "null", "the bucket keeps what is removed as an earlier version, which is paid for")
    return "what is removed is gone"


def _refused(answer: Answer) -> bool:
    return 400 <= answer.status < 500 and BODY not in answer.data
