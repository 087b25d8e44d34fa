"""公开统计 Published figures for everybody, without a login and without counts that are about persons."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import LanguageDep, system_of
from api.labels import Language
from api.web.page import render_open
from application.figures.definitions import FIGURES, HEADLINE
from application.figures.public import told_publicly
from application.figures.withholding import SMALL
from domain.shared.calendar import local_day
from domain.shared.errors import Missing
from domain.shared.values import Level

router = APIRouter(include_in_schema=False)


class NoSuchPublicPeriod(Missing):
    """No such period was published to everybody."""


@router.get("/public")
def public(request: Request, language: LanguageDep) -> Response:
    """The latest period."""
    return _shown(request, language, None)


@router.get("/public/{id}")
def public_period(id: UUID, request: Request, language: LanguageDep) -> Response:
    """Raises NoSuchPublicPeriod."""
    return _shown(request, language, id)


def _shown(request: Request, language: Language, id: UUID | None) -> Response:
    system = system_of(request)
    now, register = system.now(), system.registers.register
    editions = system.reading.published.editions(None)
    areas = {one.table.area for one in editions if one.table.area}
    found = {area: register.area(area, local_day(now)) for area in areas}
    tables = told_publicly(editions, [one for one, told in found.items() if told and told.level is Level.COUNTY])
    chosen = next((one for one in tables if id in (None, one.edition.id)), None)
    if id and chosen is None:
        raise NoSuchPublicPeriod
    return render_open(
        request,
        now,
        language,
        "publication/public.html",
        tables=tables,
        chosen=chosen,
        figures=FIGURES,
        headline=HEADLINE,
        small=SMALL,
    )
