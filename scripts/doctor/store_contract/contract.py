"""The contract: everything that the shop relies on in a store, each a named clause, and what to set where."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from urllib3.exceptions import HTTPError

from core.kit.errors import ComptoirError
from core.process.settings import Settings
from scripts.doctor.finding import Finding, State
from scripts.doctor.store_contract import access, browsers, mishaps, parts, reading
from scripts.doctor.store_contract.trial import Broken, TimeOver, Trial

PATIENCE = 180.0  # seconds; cleaning has a minute more
NEEDS = ("s3_endpoint", "s3_bucket", "s3_access_key", "s3_secret_key")
KEYS = (
    "Check S3_ENDPOINT, S3_BUCKET, both keys and S3_REGION (AWS and B2: as in the endpoint's name; R2: auto; "
    "Garage: s3_region of garage.toml; Ceph: the zone group's name). B2: an application key, not the master "
    "key."
)
SIGNATURES = (
    "A proxy or CDN in front of the bucket signs by itself, or answers from its cache: take it away. "
    "Without one, take another store."
)
CLOSE = (
    "Make the bucket private. AWS: Block Public Access; R2: no r2.dev address; B2: allPrivate; "
    "Garage: garage bucket website --deny; Ceph: remove its policy and ACL."
)
QUERY = "A proxy or CDN drops the query: let it pass. A store that ignores it cannot name what buyers save."
RANGES = "A proxy or CDN drops Range or keeps whole files: let Range pass, or turn its cache off."
CONDITIONS = "Let If-Match and If-None-Match pass; without them a file replaced while it is read mixes two."
CORS = (
    "Set the CORS rule of docs/guide.md, chapter Store. AWS, B2, Ceph, Garage: put-bucket-cors, with a key "
    "that owns the bucket (Garage: garage bucket allow --owner); R2: in the bucket's settings; MinIO: "
    "MINIO_API_CORS_ALLOW_ORIGIN."
)
NO_PARTS = "Uploads in parts do not work here as S3's do: upgrade the store, or take another."
RESUMED = "Uploads that break off begin anew here. Upgrade the store if that is too often."
COMPARES = (
    "A store has to compare ETag and Content-MD5 (let the header pass), or damaged files are sold. One that "
    "compares and forgets the whole upload has it begin anew, which is slow and safe."
)
PROVED = (
    "The shop reads such an upload once more to prove it. Why it is so: SSE-KMS, or a proxy that compresses."
)
LIST = (
    "Give the key the right to list. AWS, Ceph: s3:ListBucket; R2: Object Read & Write; B2: listFiles; "
    "Garage: garage bucket allow --read."
)
LIST_UPLOADS = (
    "Give the key the right. AWS, Ceph: s3:ListBucketMultipartUploads; R2: Object Read & Write; "
    "B2: listFiles. Let a lifecycle rule end old uploads (docs/guide.md, chapter Store)."
)
OLD_VERSIONS = (
    "B2: set the lifecycle to keep only the last version; AWS, Ceph: a rule NoncurrentVersionExpiration of "
    "one day, or suspend versioning."
)
REMOVE = (
    "Give the key the right to delete and abort (AWS, Ceph: s3:DeleteObject, s3:AbortMultipartUpload; "
    "B2: deleteFiles), and remove these by hand."
)


@dataclass(frozen=True)
class Clause:
    """One thing to hold; `weight` is how much it means where it does not, `mend` what to set then."""

    name: str
    holds: Callable[[Trial], str]
    weight: State
    mend: str


CLAUSES = (
    Clause("signed addresses", access.signed, "fail", KEYS),
    Clause("expired addresses", access.expired, "fail", SIGNATURES),
    Clause("changed addresses", access.changed, "fail", SIGNATURES),
    Clause("strangers", access.unsigned, "fail", CLOSE),
    Clause("length of a part", access.part_length, "warn", "Sellers could store more than they declare."),
    Clause("missing files", access.missing, "warn", LIST),
    Clause("listing", access.listing, "warn", LIST),
    Clause("removing", access.deleting, "warn", OLD_VERSIONS),
    Clause("file names", reading.file_name, "warn", QUERY),
    Clause("file types", reading.file_type, "warn", QUERY),
    Clause("ranges", reading.ranges, "fail", RANGES),
    Clause("last bytes", reading.last_bytes, "fail", RANGES),
    Clause("beyond the end", reading.beyond_the_end, "warn", RANGES),
    Clause("If-Match", reading.if_match, "warn", CONDITIONS),
    Clause("If-None-Match", reading.if_none_match, "warn", CONDITIONS),
    Clause("pages", browsers.preflight, "fail", CORS),
    Clause("ETag for pages", browsers.etag_shown, "fail", CORS),
    Clause("foreign pages", browsers.foreign_pages, "warn", CORS),
    Clause("order of parts", parts.any_order, "fail", NO_PARTS),
    Clause(
        "part 10,000", parts.highest_number, "warn", "The shop leaves no gap; files above 100 GB may fail."
    ),
    Clause("1,200 parts", parts.many_parts, "fail", NO_PARTS),
    Clause("ETags of parts", parts.etags, "warn", PROVED),
    Clause("part sent twice", parts.replaced, "warn", RESUMED),
    Clause("unfinished uploads", parts.unfinished, "warn", LIST_UPLOADS),
    Clause("aborted uploads", parts.aborted, "warn", REMOVE),
    Clause("wrong ETag", mishaps.wrong_etag, "fail", COMPARES),
    Clause("completion", mishaps.completed_answer, "fail", NO_PARTS),
    Clause("damaged part", mishaps.damaged, "warn", COMPARES),
    Clause("part cut short", mishaps.cut, "fail", NO_PARTS),
    Clause("sender gone", mishaps.left, "fail", NO_PARTS),
)
LAST = "left behind"


def examine_store(settings: Settings, *, patience: float = PATIENCE) -> Iterator[Finding]:
    """Try each clause and clean up; a finding for each, as it comes. Changes no setting of the store.

    A store that nothing can be stored in, or that is too slow, is tried no further.
    """
    if any(not getattr(settings, name) for name in NEEDS):
        mend = "Set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY and S3_SECRET_KEY, in .env or before the command."
        yield Finding("store", "fail", "no store is set", mend)
        return
    trial = Trial(settings, patience=patience)
    try:
        trial.sweep()
        yield from _tried(trial)
    finally:
        left = trial.clean()
    if left:
        yield Finding(LAST, "warn", f"could not be removed: {', '.join(left)}", REMOVE)
    else:
        yield Finding(LAST, "ok", "nothing of the trial is in the bucket any more")


def _tried(trial: Trial) -> Iterator[Finding]:
    for number, clause in enumerate(CLAUSES, start=1):
        try:
            finding = try_clause(clause, trial)
        except TimeOver as error:
            yield Finding(clause.name, "fail", str(error), _untried(number - 1))
            return
        yield finding
        if number == 1 and finding.state == "fail":
            yield Finding("others", "fail", "were not tried", _untried(number))
            return


def _untried(done: int) -> str:
    return f"{len(CLAUSES) - done} of {len(CLAUSES)} were not tried: mend what is told above, then ask again."


def try_clause(clause: Clause, trial: Trial) -> Finding:
    """Whether a store holds one clause; whatever breaks is what we look for. Raises `TimeOver`."""
    try:
        return Finding(clause.name, "ok", clause.holds(trial))
    except Broken as broken:
        return Finding(clause.name, broken.state or clause.weight, str(broken), clause.mend)
    except TimeOver:
        raise
    except ComptoirError as error:
        return Finding(clause.name, clause.weight, str(error), clause.mend)
    except HTTPError as error:
        reason = type(getattr(error, "reason", None) or error).__name__
        return Finding(clause.name, clause.weight, f"the store did not answer ({reason})", clause.mend)
    except Exception as error:  # noqa: BLE001 - what is no S3 breaks the library in many ways
        problem = f"an answer could not be read ({type(error).__name__})"
        return Finding(clause.name, clause.weight, problem, clause.mend)
