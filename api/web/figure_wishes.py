"""What an address of the board may ask."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from pydantic import create_model

from application.figures.case_figures import CaseFilter

_WISHES: dict[str, Any] = dict.fromkeys([*CaseFilter.model_fields, "sort", "at"], (str, ""))
BoardWishes = create_model("BoardWishes", **_WISHES)
BoardWishesDep = Annotated[BoardWishes, Query()]
