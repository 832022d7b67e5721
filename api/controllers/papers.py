"""`/papers/{id}`, `/evidence/{id}`: a paper, or the proof in a dispute, for whoever has its address."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from api.context import SharedShop
from api.requests import AnyRequest, client_address
from core.jobs.request_reply import call
from schemas.ephemeral_jobs import PresignEvidence, PresignPaper

SETTING = 10.0  # seconds that whoever fetches a paper for the first time waits for its PDF at most


@get("/papers/{paper_id:uuid}", status_code=302, include_in_schema=False)
async def show_paper(shop: SharedShop, request: AnyRequest, paper_id: FromPath[UUID]) -> Response[bytes]:
    """To the PDF in the store, by a URL of a few minutes; an address that is no paper's counts as a guess."""
    client = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    asked = call(shop.redis, PresignPaper(paper_id=paper_id), timeout=SETTING)
    answer = await shop.look_up(client, asked)
    headers = {"location": str(answer["url"]), "cache-control": "no-store", "x-robots-tag": "noindex"}
    return Response(b"", status_code=302, headers=headers)


@get("/evidence/{evidence_id:uuid}", status_code=302, include_in_schema=False)
async def show_evidence(
    shop: SharedShop, request: AnyRequest, evidence_id: FromPath[UUID]
) -> Response[bytes]:
    """To the proof of delivery in a dispute, for whoever has its address."""
    client = client_address(request, trusted_proxy=shop.settings.trusted_proxy)
    answer = await shop.look_up(client, call(shop.redis, PresignEvidence(evidence_id=evidence_id)))
    headers = {"location": str(answer["url"]), "cache-control": "no-store", "x-robots-tag": "noindex"}
    return Response(b"", status_code=302, headers=headers)
