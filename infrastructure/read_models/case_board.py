"""The case board as the application asks it: lists and figures over one pool."""

from __future__ import annotations

from infrastructure.read_models.case_figures import CaseFigures
from infrastructure.read_models.case_lists import CaseLists


class Board(CaseLists, CaseFigures):
    """`application.figures.case_figures.CaseBoard`."""
