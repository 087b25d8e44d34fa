"""公布 Published figures: what was told, what is known of the same days now beside it, and the form that publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.deps import ask, system_of
from api.problems import title
from api.routes.publication import ToPublish, edition_of
from api.web.page import Reader, ReaderDep, fresh, render
from api.web.sending import FormDep, SenderDep
from application.figures.definitions import FIGURES
from application.publication import PUBLISHES
from domain.publication.commands import NumberOf, RowOf
from domain.shared.errors import DomainError, Refused

router = APIRouter(include_in_schema=False)


class UnfitPeriod(Refused):
    """The first and the last day of the period are given as days."""


@dataclass(frozen=True)
class PublishedLine:
    """A figure as it was published, and as it is known of the same days now."""

    key: str
    then: NumberOf
    now: NumberOf | None

    @property
    def differs(self) -> bool:
        return self.now is not None and self.now.but(version=self.then.version) != self.then


@router.get("/publications")
def publications(reader: ReaderDep) -> Response:
    fresh(reader)
    return _listed(reader)


def _listed(reader: Reader, sent: Mapping[str, str] | None = None, problem: str = "", status: int = 200) -> Response:
    scope = reader.viewer.scope
    last = reader.today.replace(day=1) - timedelta(days=1)
    return render(
        reader,
        "publication/publications.html",
        status,
        editions=reader.reading.published.editions(None if scope.everything else scope.areas),
        publishes=reader.viewer.role in PUBLISHES,
        sent=sent or {"since": last.replace(day=1).isoformat(), "until": last.isoformat(), "reason": ""},
        problem=problem,
    )


@router.post("/publications")
def publish(reader: SenderDep, form: FormDep) -> Response:
    sent = {name: str(form.get(name) or "").strip() for name in ("since", "until", "reason")}
    fresh(reader)
    try:
        asked = _asked(sent)
        by = ask(reader.deciding, reader.now(), reader.viewer, "/publications", asked.model_dump_json().encode(), None)
        publishing = system_of(reader.request).administering.publishing
        receipt = publishing.publish(by, reader.viewer, asked.since, asked.until, asked.reason, reader.today)
    except DomainError as refusal:
        return _listed(reader, sent, title(refusal, reader.language), 422)
    reader.seen.saw(reader.viewer.officer, receipt)
    fresh(reader)
    return RedirectResponse("/publications", 303)


def _asked(sent: Mapping[str, str]) -> ToPublish:
    try:
        return ToPublish.model_validate(sent)
    except ValidationError:
        raise UnfitPeriod from None


@router.get("/publications/{id}/{edition}")
def edition(id: UUID, edition: int, reader: ReaderDep) -> Response:
    fresh(reader)
    one = edition_of(reader.reading.published.edition(id, edition), reader.viewer)
    publishing = system_of(reader.request).administering.publishing
    table = one.table
    now = publishing.table(table.area, table.since, table.until, table.day, None, reader.today)
    return render(
        reader,
        "publication/publication.html",
        edition=one,
        lines=_lines(table.rows[0], now.rows[0]),
        rows=table.rows[1:],
        place_figures=[FIGURES[one.figure] for one in table.rows[-1].numbers] if len(table.rows) > 1 else [],
        figures=FIGURES,
        checked=publishing.checked(one, reader.today),
        share=_share,
    )


def _lines(then: RowOf, now: RowOf) -> list[PublishedLine]:
    known = {one.figure: one for one in now.numbers}
    return [PublishedLine(one.figure, one, known.get(one.figure)) for one in then.numbers]


def _share(one: NumberOf) -> float | None:
    return one.period / one.period_of if one.period is not None and one.period_of else None
