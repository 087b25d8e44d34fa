"""公布统计 Figures are published: of which period and area, by which definitions, at which moment, and by whom.

A publication is one record. What is corrected afterwards is another edition beside it, with its reason, and never a
change of the first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Ge

from domain.publication.commands import (
    Publication,
    PublicationCommand,
    PublicationEvent,
    PublicationStage,
    PublishedTable,
)
from domain.shared.errors import Conflict, Refused
from domain.shared.occasion import Occasion
from domain.shared.values import Line, Sha256


class PeriodNotOver(Refused):
    """Figures are published of a period that is over."""


class PublishedSoAlready(Conflict):
    """The figures were published just so already."""


class SecondEditionNeedsReason(Refused):
    """The figures of this period were published: another edition says why."""


class PublishFigures(PublicationCommand):
    """公布统计"""

    allowed_in: ClassVar = frozenset(PublicationStage)
    table: PublishedTable
    reason: Line = ""
    """Of another edition: why."""

    def decide(self, published: Publication, on: Occasion) -> tuple[FiguresPublished, ...]:
        if self.table.until >= on.day:
            raise PeriodNotOver(until=self.table.until)
        if published.last and published.last.says_the_same(self.table):
            raise PublishedSoAlready(edition=published.editions)
        if published.last and not self.reason.strip():
            raise SecondEditionNeedsReason(edition=published.editions)
        edition, digest = published.editions + 1, self.table.digest()
        return (FiguresPublished(table=self.table, edition=edition, reason=self.reason, digest=digest),)


class FiguresPublished(PublicationEvent):
    name: ClassVar = "publication.figures_published"
    table: PublishedTable
    edition: Annotated[int, Ge(1)]
    reason: Line
    digest: Sha256

    def evolve(self, state: Publication, at: datetime) -> Publication:
        return state.but(stage=PublicationStage.PUBLISHED, editions=self.edition, last=self.table)
