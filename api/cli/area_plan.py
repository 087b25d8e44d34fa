"""What a new sheet of areas proposes: shown, written for somebody to decide, or asked one by one."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from api.cli import tables
from api.cli.tables import Column, tell
from application.sheets.area_decisions import MAY_BE, SHOWN, Choice, Decision, Proposal, as_decided

MOST_BESIDE = 12
SHOWN_ROWS = 200


def show(proposals: Sequence[Proposal], words: Mapping[str, Any]) -> None:
    columns = [Column(name, words["area_plan"][name], name == "code") for name in SHOWN]
    told = [
        (words["area_choice"][one.choice] if one.choice else "?", *_cells(one, words)) for one in proposals[:SHOWN_ROWS]
    ]
    tables.show("proposals", columns, [dict(zip(SHOWN, row, strict=True)) for row in told])
    tell(f"… {len(proposals)}" if len(proposals) > SHOWN_ROWS else "", of=len(proposals))


def write(file: Path, proposals: Sequence[Proposal], words: Mapping[str, Any]) -> None:
    """As a sheet that an office program opens; its first three columns are given back."""
    opened_anew = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(opened_anew, "w", encoding="utf-8-sig", newline="") as to:
        sheet = csv.writer(to)
        sheet.writerow(SHOWN)
        sheet.writerows([one.choice or "?", *_cells(one, words)] for one in proposals)


def _cells(one: Proposal, words: Mapping[str, Any]) -> list[str]:
    beside = " ".join(one.beside[:MOST_BESIDE])
    return [one.code, one.into, one.name, words["level"][one.level], str(one.inside), one.to_name, beside]


def asked_for(proposals: Sequence[Proposal], words: Mapping[str, Any]) -> list[Decision] | None:
    """What somebody at a terminal decides; None: they do not confirm it, or nobody is there to ask."""
    if not at_a_terminal():
        return None
    decided = [as_decided(one) if one.choice else _asked(one, words) for one in proposals]
    return decided if typer.confirm(words["page"]["area_plan_confirm"]) else None


def at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _asked(one: Proposal, words: Mapping[str, Any]) -> Decision:
    question = words["page"]["area_plan_question"].format(code=one.code, name=one.name)
    may_be = [choice for choice in Choice if choice in MAY_BE[one.kind]]
    while True:
        change, _, into = typer.prompt(f"{question} ({' '.join(may_be)})").strip().partition(" ")
        if change in may_be:
            return Decision(number=1, choice=Choice(change), code=one.code, into=into.strip())
