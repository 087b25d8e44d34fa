"""The pictures of the board, each of the same moment as its numbers, and each with its table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from api.labels import word
from api.web.charts import Band, flow_picture, month_picture
from api.web.page import Reader
from application.figures import handover_told
from application.figures.asking import By, Counting
from application.figures.definitions import FIGURES
from application.figures.numbers import Flow, Snapshot, Told, of

OF_MONTHS = ("registered", "resolved", "village")
STOPS = ("source", "level", "channel", "result")


@dataclass(frozen=True)
class Pictures:
    flows: Sequence[Flow]
    flow: Markup
    months: Sequence[tuple[str, Told]]
    month: Markup


def pictures(reader: Reader, snapshot: Snapshot, question: Counting) -> Pictures:
    flows = handover_told.flows(snapshot, question)
    told = snapshot.count(replace(question, by=By.MONTH), [FIGURES[one] for one in OF_MONTHS])
    months = [(key, row) for key, row in told.items() if key]
    return Pictures(
        flows=flows,
        flow=flow_picture([_band(one, reader) for one in flows]),
        months=months,
        month=month_picture(
            [(key, int(of(row, "registered").period or 0), int(of(row, "resolved").period or 0)) for key, row in months]
        ),
    )


def _band(one: Flow, reader: Reader) -> Band:
    tables = zip(STOPS, one.stops, strict=True)
    return Band(tuple(word(reader.language, table, key) for table, key in tables), one.number)
