"""The mix of a real year: levels, categories, sources and outcomes in parts of a hundred, and its seasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from domain.case.kinds import Category, Source
from domain.shared.values import Level

T = TypeVar("T")

LEVELS = {Level.VILLAGE: 78, Level.TOWNSHIP: 17, Level.COUNTY: 5}
MEDIAN_DAYS = {Level.VILLAGE: 5, Level.TOWNSHIP: 13, Level.COUNTY: 23}
CATEGORIES = {
    Category.NEIGHBOURS: 26,
    Category.MARRIAGE_FAMILY: 20,
    Category.HOUSE_HOMESTEAD: 9,
    Category.FOREST_LAND: 9,
    Category.DAMAGES: 9,
    Category.CONTRACT: 7,
    Category.LABOUR: 6,
    Category.TRAFFIC: 5,
    Category.PROPERTY_MANAGEMENT: 3,
    Category.CONSUMER: 2,
    Category.LAND_TAKING: 2,
    Category.MEDICAL: 1,
    Category.ENVIRONMENT: 1,
}
SOURCES = {
    Source.PARTY: 42,
    Source.GRID_SWEEP: 28,
    Source.HOTLINE_12345: 8,
    Source.POLICE_110: 8,
    Source.COURT_GUIDED: 5,
    Source.PETITION: 4,
    Source.ORGAN: 3,
    Source.FROM_ABOVE: 2,
}
OUTCOMES = {"agreed": 80, "failed": 8, "self-settled": 4, "declined": 2, "refused": 3, "lost": 3}
MOVED = 0.17
"""The share of all disputes that are offered to another body, or move between levels."""
MOVES = {
    "delegate": 20,
    "entrust": 6,
    "police": 18,
    "organ": 8,
    "to-organ": 6,
    "petition": 8,
    "invite": 6,
    "levels": 28,
}
ANSWERS = {"taken": 70, "rejected": 18, "silent": 8, "withdrawn": 4}
UPWARD = {
    "accepted": 36,
    "sent_back": 18,
    "returned": 10,
    "withdrawn": 6,
    "called_up": 12,
    "assigned": 8,
    "supervised": 10,
}


def draw(source: Random, weights: Mapping[T, int]) -> T:
    return source.choices(list(weights), list(weights.values()))[0]


def winter_wages(begin: datetime) -> Mapping[Category, int]:
    """Wages are claimed before the Spring Festival."""
    return CATEGORIES | {Category.LABOUR: 24} if begin.month in (12, 1) else CATEGORIES


def beginning(source: Random, start: datetime, days: int) -> datetime:
    """Weekday mornings mostly; more around the turn of the year."""
    while True:
        moment = start + timedelta(days=source.randrange(days), hours=8, minutes=source.randrange(600))
        weekend = moment.weekday() >= 5
        busy = moment.month in (1, 2, 12)
        if source.random() < (0.35 if weekend else 1.0) * (1.0 if busy else 0.75):
            return moment
