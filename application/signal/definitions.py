"""The signals, as data: which number of which subject is held against that of its peers.

A signal never blocks anything, and is no ranking of people: its subjects are places and bodies.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from application.figures.asking import By
from application.figures.definitions import FIGURES


class Pattern(StrEnum):
    """What is looked for between cases, and is no figure of one."""

    ALIKE_TEXTS = "alike-texts"  # 文字雷同
    ONE_PHONE = "one-phone"  # 一部电话多名当事人
    ONE_PHOTO = "one-photo"  # 同一份材料用于多个案件
    DAILY_MOST = "daily-most"  # 一名调解员一日达成的协议数
    MOVED_BEFORE_DUE = "moved-before-due"  # 期限届满前转办


@dataclass(frozen=True)
class Signal:
    """`figure` or `pattern`: what is measured of each subject. `least`: fewer of them say nothing."""

    key: str
    by: By
    figure: str = ""
    pattern: Pattern | None = None
    least: int = 5


SIGNALS: dict[str, Signal] = {
    one.key: one
    for one in (
        Signal("closed-at-once", By.VILLAGE, "closed_at_once"),
        Signal("agreed-at-once", By.VILLAGE, "agreed_at_once"),
        Signal("alike-texts", By.VILLAGE, pattern=Pattern.ALIKE_TEXTS),
        Signal("one-phone", By.VILLAGE, pattern=Pattern.ONE_PHONE, least=3),
        Signal("one-photo", By.VILLAGE, pattern=Pattern.ONE_PHOTO, least=2),
        Signal("daily-most", By.BODY, pattern=Pattern.DAILY_MOST),
        Signal("upgraded", By.BODY, "upgraded"),
        Signal("entered-late", By.VILLAGE, "entered_late"),
        Signal("moved-before-due", By.BODY, pattern=Pattern.MOVED_BEFORE_DUE, least=3),
        Signal("bounced", By.BODY, "bounced"),
        Signal("closed-again", By.BODY, "closed_again", least=3),
        Signal("unsigned", By.BODY, "unsigned"),
        Signal("missed-finds", By.VILLAGE, "missed_finds", least=3),
        Signal("many", By.VILLAGE, "registered"),
        Signal("settled-in-the-village", By.VILLAGE, "village", least=10),
    )
}
if _strange := {one.figure for one in SIGNALS.values() if one.figure} - FIGURES.keys():
    raise ValueError(f"a signal measures a figure that there is not: {sorted(_strange)}")
