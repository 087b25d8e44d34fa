"""服务令牌 /api/officers/{id}/tokens: administrators issue tokens to other systems, list and end them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.commanding import KEY, Asking, Done, add_command
from api.contract import told
from api.deps import AccessDep, NowDep, ViewerDep
from api.door import DoorDep, issue_token
from application.office_tokens import ToldToken, WantedToken
from application.ports import Receipt
from application.rights import NotYourRight, Viewer
from domain.office.officer import Role
from domain.office.tokens import EndToken
from domain.shared.values import OfficerId, Value

router = APIRouter(tags=["session"])


class IssuedToken(Value):
    number: int
    token: str
    """Shown this once: send it as `Authorization: Bearer …`."""


class ToldTokens(Value):
    tokens: tuple[ToldToken, ...]


def _check(viewer: Viewer) -> None:
    """Raises NotYourRight."""
    if viewer.role is not Role.ADMIN:
        raise NotYourRight(role=viewer.role)


@router.post("/officers/{id}/tokens", status_code=201, response_model=IssuedToken)
async def issue(id: OfficerId, wanted: WantedToken, viewer: ViewerDep, door: DoorDep) -> Response:
    """A repeated request issues another token: end the one that you do not need."""
    _check(viewer)
    number, token = await door.in_turn(lambda: issue_token(door, viewer, id, wanted))
    answer = told({"number": number, "token": token})
    answer.status_code = 201
    return answer


@router.get("/officers/{id}/tokens", response_model=ToldTokens)
def tokens(id: OfficerId, viewer: ViewerDep, access: AccessDep, now: NowDep) -> Response:
    _check(viewer)
    return told({"tokens": [one.model_dump(mode="json") for one in access.tokens.of(id, now)]})


def _end(asking: Asking, command: EndToken, id: OfficerId) -> Done:
    _check(asking.viewer)
    return Done(asking.administering.officers.change(asking.asked, id, command))


add_command(
    router,
    "/officers/{id}/end-token",
    EndToken,
    _end,
    200,
    "end-token",
    ("id",),
    headers=(KEY,),
    response_model=Receipt,
)
