"""证明 /api/log: checkpoints, tiles (C2SP tlog-tiles) and proofs for all; what was recorded for those who see it."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse, Response

from api.deps import SystemDep, ViewerDep
from application.proof import NoSuchTile, Proven
from domain.proof.growing import WIDTH
from domain.shared.values import CaseId

router = APIRouter(prefix="/log", tags=["log"])
_NUMBER = re.compile(r"((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")
MOST_PARTS = 6
"""Of a tile's number, three digits each."""
Position = Annotated[int, Query(ge=1, lt=1 << 62)]


@router.get("/key", response_class=PlainTextResponse)
def key(system: SystemDep) -> str:
    """The key that verifies the checkpoints (C2SP vkey). Get it once from elsewhere too: who lies with the log would
    lie with the key."""
    return f"{system.log.key()}\n"


@router.get("/checkpoint", response_class=PlainTextResponse)
def checkpoint(system: SystemDep) -> str:
    """The latest one: origin, size, root, epoch, signature (C2SP tlog-checkpoint)."""
    return system.log.checkpoint()


@router.get("/inclusion")
def inclusion(system: SystemDep, position: Position, size: Position | None = None) -> dict[str, Any]:
    """That the event at this position is in the tree of this size; left out: that of the latest checkpoint."""
    return {"position": position, **represented(system.log.inclusion(position, size))}


@router.get("/consistency")
def consistency(
    system: SystemDep, old: Annotated[Position, Query(alias="from")], new: Annotated[Position, Query(alias="to")]
) -> dict[str, Any]:
    """That the tree of size `from` is the beginning of that of size `to`."""
    return {"from": old, **represented(system.log.consistency(old, new))}


def represented(one: Proven) -> dict[str, Any]:
    proof = [b64encode(each).decode() for each in one.proof]
    return {"size": one.size, "root": b64encode(one.root).decode(), "proof": proof, "checkpoints": one.checkpoints}


@router.get("/tile/entries/{number:path}", response_class=Response)
def entries(number: str, system: SystemDep, viewer: ViewerDep) -> Response:
    """The leaves of a tile, each after its length in two bytes: for auditors."""
    return _bytes(system.receipts.entries(*_numbered(number), viewer))


@router.get("/tile/{level}/{number:path}", response_class=Response)
def tile(level: str, number: str, system: SystemDep) -> Response:
    """Hashes, for example `tile/0/x001/234` or `tile/1/000.p/7`."""
    if not re.fullmatch(r"0|[1-9]\d?", level):
        raise NoSuchTile
    return _bytes(system.log.tile(int(level), *_numbered(number)))


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
def receipt(id: CaseId, version: int, system: SystemDep, viewer: ViewerDep) -> Response:
    """What a party or a court verifies without us: the entry as it is stored, its proof and the signed checkpoint."""
    text = system.receipts.of(id, version, viewer, system.now())
    name = f'attachment; filename="{id}-{version}.tlog-proof"'
    return PlainTextResponse(text, headers={"Content-Disposition": name})
