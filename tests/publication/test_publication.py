"""A publication is one record: nothing changes it, and another edition says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.publication.commands import NumberOf, Publication, PublishedTable, RowOf, publication_id
from domain.publication.publication import (
    FiguresPublished,
    PeriodNotOver,
    PublishedSoAlready,
    PublishFigures,
    SecondEditionNeedsReason,
)
from domain.shared.decider import decide
from tests.case.histories import History, entries, id_of, occasion

ID = publication_id(None, date(2026, 1, 1), date(2026, 1, 31))


def table(registered: float = 3, position: int = 10) -> PublishedTable:
    number = NumberOf(figure="registered", version=1, period=registered)
    row = RowOf(area=None, area_name="青溪县", numbers=(number,))
    january = date(2026, 1, 31)
    return PublishedTable(area=None, since=date(2026, 1, 1), until=january, day=january, position=position, rows=(row,))


def published(*commands: PublishFigures, now: datetime = datetime(2026, 3, 1, 4, tzinfo=UTC)) -> History[Any]:
    history: History[Any] = History.of(ID, Publication.blank(ID), ())
    for command in commands:
        on = occasion_at(now)
        history = history.then(entries(history, decide(history, command, on), on))
    return history


def occasion_at(now: datetime) -> Any:
    return replace(occasion(), occurred_at=now, now=now, seed=id_of("published"))


def test_what_is_published_is_recorded_with_its_digest():
    history = published(PublishFigures(table=table()))

    (entry,) = history.entries
    assert isinstance(entry.event, FiguresPublished)
    assert (entry.event.edition, entry.event.digest) == (1, table().digest())
    assert FiguresPublished.model_validate_json(entry.event.model_dump_json()) == entry.event


def test_figures_are_published_of_a_period_that_is_over():
    with pytest.raises(PeriodNotOver):
        published(PublishFigures(table=table()), now=datetime(2026, 1, 31, 4, tzinfo=UTC))


def test_the_same_figures_are_not_published_twice_whatever_was_recorded_in_between():
    with pytest.raises(PublishedSoAlready):
        published(PublishFigures(table=table()), PublishFigures(table=table(position=20), reason="再公布一次"))


def test_another_edition_says_why_and_stands_beside_the_first():
    with pytest.raises(SecondEditionNeedsReason):
        published(PublishFigures(table=table()), PublishFigures(table=table(registered=4)))

    history = published(PublishFigures(table=table()), PublishFigures(table=table(registered=4), reason="补录一件"))

    assert [entry.event.edition for entry in history.entries] == [1, 2]
    assert history.entries[0].event.table == table()


def test_a_period_of_an_area_has_one_stream():
    assert publication_id(None, date(2026, 1, 1), date(2026, 1, 31)) == ID
    assert publication_id(UUID(int=1), date(2026, 1, 1), date(2026, 1, 31)) != ID  # type: ignore[arg-type]
