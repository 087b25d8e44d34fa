"""The moment that a page is asked for: a version, or times as people of here write them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from pydantic import ValidationError

from api.deps import NowDep
from api.web.reading import moment
from application.moments import Standpoint, refuse_future
from domain.shared.errors import Refused


class NoSuchMoment(Refused):
    """The address asks for a version or a time that cannot be read."""


def asked_moment(now: NowDep, version: str = "", as_of: str = "", effective_at: str = "") -> Standpoint:
    """A time without an offset is local. Raises NoSuchMoment, NotYetCome."""
    sent = {"version": version, "as_of": as_of and moment(as_of), "effective_at": effective_at and moment(effective_at)}
    try:
        asked = Standpoint.model_validate({name: value for name, value in sent.items() if value})
    except ValidationError:
        raise NoSuchMoment from None
    return refuse_future(asked, now)


AskedDep = Annotated[Standpoint, Depends(asked_moment)]
