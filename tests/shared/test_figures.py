"""A figure is what its row says: each condition that a row may have is a part of the query that counts it."""

from __future__ import annotations

import inspect
from dataclasses import fields

from application.figures.definitions import Figure
from infrastructure.read_models import case_condition

NO_CONDITION = {"key", "of", "as_share"}
"""What says how a figure is called and shown, and not which cases it counts."""


def test_each_condition_of_a_figure_is_read_where_it_is_counted():
    conditions = {one.name for one in fields(Figure)} - NO_CONDITION
    query = inspect.getsource(case_condition.counts) + inspect.getsource(case_condition.day_of)

    unread = sorted(one for one in conditions if f"figure.{one}" not in query)

    assert unread == [], "counts() in infrastructure/read_models/case_condition.py must read them"
