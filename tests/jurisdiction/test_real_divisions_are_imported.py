"""The national statistics' own lists, read where they lie."""

import os
from pathlib import Path

import pytest

from domain.jurisdiction.imports import plan

ROOT = Path(__file__).resolve().parents[2]
DIVISIONS = ROOT / os.environ.get("REAL_DATA", "../shared/data") / "divisions"

pytestmark = pytest.mark.skipif(not DIVISIONS.is_dir(), reason="the lists of divisions (REAL_DATA) are not here")


@pytest.mark.parametrize(
    ("file", "rows"),
    [("yidu_420581.csv", 169), ("yichang_l1_l5_2022.csv.gz", 1_779), ("national_l1_l4_2023.csv.gz", 44_699)],
)
def test_every_row_is_taken_over(file, rows):
    assert len(plan((DIVISIONS / file).read_bytes(), {}).founded) == rows
