"""One body in the place of another that was merged into it."""

from __future__ import annotations

from typing import overload

from domain.shared.values import BodyId


@overload
def instead(body: BodyId, was: BodyId, into: BodyId) -> BodyId: ...
@overload
def instead(body: BodyId | None, was: BodyId, into: BodyId) -> BodyId | None: ...
def instead(body: BodyId | None, was: BodyId, into: BodyId) -> BodyId | None:
    return into if body == was else body
