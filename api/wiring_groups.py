"""Groups of what may be asked for that are put together from the ledger and its read models."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from shutil import disk_usage

from api.system import Administering, Standing
from application.jurisdiction import Areas, Bodies
from application.office import Officers, Sessions
from application.rules import Rules
from application.sheets.areas import AreaSheets
from application.sheets.bodies import BodySheets
from application.sheets.changes import ChangeSheets
from application.sheets.officers import OfficerSheets
from infrastructure.beats import Beats
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.metrics import Standings, exposed
from infrastructure.projection.projector import Projector
from infrastructure.read_models.jurisdiction_register import RememberedRegister
from infrastructure.read_models.running_clocks import RunningClocks


def administering(ledger: PostgresLedger, register: RememberedRegister, sessions: Sessions) -> Administering:
    return Administering(
        areas=Areas(ledger, register),
        bodies=Bodies(ledger),
        officers=Officers(ledger, sessions),
        rules=Rules(ledger),
        sheets=AreaSheets(ledger, register),
        changes=ChangeSheets(ledger, register),
        body_sheets=BodySheets(ledger, register),
        officer_sheets=OfficerSheets(ledger, register),
    )


def room_in(state: Path) -> int:
    return disk_usage(state).free


def standing(
    ledger: PostgresLedger, projector: Projector, clocks: RunningClocks, beats: Beats, state: Path
) -> Standing:
    return Standing(
        ledger=ledger,
        wait=projector.wait,
        catch_up=projector.catch_up,
        status=projector.status,
        check_whole=projector.check_whole,
        is_parked=projector.is_parked,
        metrics=partial(
            exposed, Standings(projector.status, projector.parked, ledger.head, clocks.overdue, beats.ages)
        ),
        worker=beats.ages,
        overdue=clocks.overdue,
        room=partial(room_in, state),
    )
