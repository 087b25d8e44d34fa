"""What is wrong with a row of a sheet, in the words of whoever sent it."""

from __future__ import annotations

from api.labels import Language, labels
from api.problems import kebabbed
from domain.shared.sheets import Fault, Reason


def fault_words(fault: Fault, language: Language) -> str:
    """Why, what stands there, and what may stand there instead."""
    found = labels(language)
    said = found["problem"][kebabbed(fault.rule)] if fault.reason is Reason.BY_RULE else found["reason"][fault.reason]
    told = found["page"]["sheet_told"].format(told=fault.told) if fault.told else ""
    wanted = found["page"]["sheet_wanted"].format(wanted=fault.wanted) if fault.wanted else ""
    return f"{said}{told}{wanted}"
