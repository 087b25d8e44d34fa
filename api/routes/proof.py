"""证明 /api/log: checkpoints, tiles (C2SP tlog-tiles) and proofs for all; what was recorded for those who see it."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse, Response
from pydantic import Field

from api.contract import Responses, told
from api.deps import NowDep, ProofDep, ReceiptsDep, ViewerDep
from application.proof import NoSuchTile, Proven
from domain.proof.growing import WIDTH
from domain.shared.values import CaseId, Value

router = APIRouter(prefix="/log", tags=["log"])
_NUMBER = re.compile(r"((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")
MOST_PARTS = 6
"""Of a tile's number, three digits each."""
Position = Annotated[int, Query(ge=1, lt=1 << 62)]


OCTETS: Responses = {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


class ToldProof(Value):
    """Hashes in base64, and the signed checkpoints of its sizes where there are any."""

    size: int
    root: str
    proof: tuple[str, ...]
    checkpoints: tuple[str, ...]


class Inclusion(ToldProof):
    position: int


class Consistency(ToldProof):
    old: int = Field(alias="from")


@router.get("/key", response_class=PlainTextResponse)
def key(proof: ProofDep) -> str:
    """The key that verifies the checkpoints (C2SP vkey). Get it once from elsewhere too: who lies with the log would
    lie with the key."""
    return f"{proof.key()}\n"


@router.get("/checkpoint", response_class=PlainTextResponse)
def checkpoint(proof: ProofDep) -> str:
    """The latest one: origin, size, root, epoch, signature (C2SP tlog-checkpoint)."""
    return proof.checkpoint()


@router.get("/inclusion", response_model=Inclusion)
def inclusion(proof: ProofDep, position: Position, size: Position | None = None) -> Response:
    """That the event at this position is in the tree of this size; left out: that of the latest checkpoint."""
    return told({"position": position, **represented(proof.inclusion(position, size))})


@router.get("/consistency", response_model=Consistency)
def consistency(
    proof: ProofDep, old: Annotated[Position, Query(alias="from")], new: Annotated[Position, Query(alias="to")]
) -> Response:
    """That the tree of size `from` is the beginning of that of size `to`."""
    return told({"from": old, **represented(proof.consistency(old, new))})


def represented(one: Proven) -> dict[str, Any]:
    proof = [b64encode(each).decode() for each in one.proof]
    return {"size": one.size, "root": b64encode(one.root).decode(), "proof": proof, "checkpoints": one.checkpoints}


@router.get("/tile/entries/{number:path}", response_class=Response, responses=OCTETS)
def entries(number: str, receipts: ReceiptsDep, viewer: ViewerDep) -> Response:
    """The leaves of a tile, each after its length in two bytes: for auditors."""
    return _bytes(receipts.entries(*_numbered(number), viewer))


@router.get("/tile/{level}/{number:path}", response_class=Response, responses=OCTETS)
def tile(level: str, number: str, proof: ProofDep) -> Response:
    """Hashes, for example `tile/0/x001/234` or `tile/1/000.p/7`."""
    if not re.fullmatch(r"0|[1-9]\d?", level):
        raise NoSuchTile
    return _bytes(proof.tile(int(level), *_numbered(number)))


def _numbered(path: str) -> tuple[int, int]:
    """The number and the width. Raises NoSuchTile where it is not written as it should be."""
    found = _NUMBER.fullmatch(path)
    parts = found[1].split("/") if found else []
    if not found or len(parts) > MOST_PARTS or (len(parts) > 1 and parts[0] == "x000"):
        raise NoSuchTile
    width = int(found[2]) if found[2] else WIDTH
    if found[2] and width >= WIDTH:
        raise NoSuchTile
    return int("".join(part.removeprefix("x") for part in parts)), width


def _bytes(content: bytes) -> Response:
    """Not to be kept by caches: after a restore the same tile of another epoch has other leaves."""
    return Response(content, media_type="application/octet-stream")


of_a_case = APIRouter(prefix="/cases", tags=["log"])


@of_a_case.get("/{id}/entries/{version}/receipt", response_class=PlainTextResponse)
def receipt(id: CaseId, version: int, receipts: ReceiptsDep, now: NowDep, viewer: ViewerDep) -> Response:
    """What a party or a court verifies without us: the entry as it is stored, its proof and the signed checkpoint."""
    text = receipts.of(id, version, viewer, now)
    name = f'attachment; filename="{id}-{version}.tlog-proof"'
    return PlainTextResponse(text, headers={"Content-Disposition": name})
