"""One answer of the board: what an address asks for, counted in one snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from api.web.figure_addresses import OF_THE_MOMENT, Addresses, opened, wanted_of
from api.web.figure_pictures import Drawing
from api.web.page import Reader, fresh
from application.figures.asking import By
from application.figures.board import counting
from application.figures.case_figures import CaseFilter

SEVERAL_TOWNSHIPS = 500
"""Areas in a scope, grids included, from which on it is shown by townships first."""


@contextmanager
def answer(reader: Reader, sent: Mapping[str, str]) -> Iterator[Drawing]:
    """Raises UnfitFilter, UnknownArea, NotInAnAddress, NotYourRight, WindowTurnedRound."""
    told = opened(sent)
    wanted, scope = wanted_of(reader, told), reader.viewer.scope
    fresh(reader)
    with reader.reading.figures.snapshot(scope, wanted, reader.today) as snapshot:
        is_pinned = any(told.get(one) for one in OF_THE_MOMENT)
        addresses = Addresses(wanted, snapshot.moment, is_pinned)
        question = counting(scope, wanted, reader.today)
        yield Drawing(reader, snapshot, question, addresses, _by(reader, wanted))


def _by(reader: Reader, wanted: CaseFilter) -> By:
    """Townships for whoever sees more than one of them, villages below."""
    county_wide = reader.viewer.scope.everything or len(reader.viewer.scope.areas) > SEVERAL_TOWNSHIPS
    return By.TOWNSHIP if county_wide and not wanted.area else By.VILLAGE
