"""Which read models there are, and what is read of them: put together beside the rest of the wiring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg_pool import ConnectionPool

from api.system import Reading, SweepWork
from application.case.service import Cases
from application.proof import Receipts
from application.publication import Publishing
from application.signal.service import FINDINGS
from application.sweep.duties import Duties
from application.sweep.meetings import Campaigns, SweepMeetings
from application.sweep.service import Sweeps
from domain.signal.findings import FindingRecorded
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.papers.engraving import TypstEngraver
from infrastructure.privacy.table_keys import TableKeys
from infrastructure.projection.read_model import ReadModel
from infrastructure.proof.ledger_proofs import LedgerProofs
from infrastructure.read_models.case import CaseTables
from infrastructure.read_models.case_amendments import Amendments, AmendmentTables
from infrastructure.read_models.case_lists import CaseLists
from infrastructure.read_models.case_sealed import CardRows, ServedTokens
from infrastructure.read_models.case_searches import SealedSearches
from infrastructure.read_models.erasures import ErasureTables
from infrastructure.read_models.escalation import EscalationTables
from infrastructure.read_models.figure_counts import FigureCounts
from infrastructure.read_models.figures import DatedTables
from infrastructure.read_models.handover_lists import HandoverLists
from infrastructure.read_models.jurisdiction import AreaTables
from infrastructure.read_models.jurisdiction_bodies import BodyTables
from infrastructure.read_models.jurisdiction_register import RememberedRegister
from infrastructure.read_models.naming import Names, NameTables
from infrastructure.read_models.office import OfficeTables
from infrastructure.read_models.office_lists import EverybodyInOffice
from infrastructure.read_models.publication import PublicationTables, PublishedBoard
from infrastructure.read_models.referral import ReferralTables
from infrastructure.read_models.rules import RulesTables
from infrastructure.read_models.signal import Findings, FindingTables, PatternCounts
from infrastructure.read_models.sweep import SweepTables
from infrastructure.read_models.sweep_lists import SweepLists
from infrastructure.workbooks import unfolded_bytes


def read_models(ledger: PostgresLedger, tables: TableKeys) -> Sequence[ReadModel]:
    cases = CaseTables(ledger.histories, tables)
    handovers = ReferralTables(ledger.histories), EscalationTables(ledger.histories)
    return (
        AreaTables(),
        BodyTables(),
        OfficeTables(),
        NameTables(),
        AmendmentTables(),
        RulesTables(),
        cases,
        *handovers,
        ErasureTables(),
        SweepTables(),
        DatedTables(ledger.histories),
        PublicationTables(),
        FindingTables(),
    )


def reading(
    pool: ConnectionPool[Any],
    tables: TableKeys,
    cases: Cases,
    register: RememberedRegister,
    ledger: PostgresLedger,
    proof: LedgerProofs,
) -> Reading:
    persons, rows = ServedTokens(pool, tables), CardRows(tables)
    return Reading(
        board=CaseLists(pool, persons, rows),
        figures=FigureCounts(pool, persons),
        engraver=TypstEngraver(),
        published=PublishedBoard(pool),
        patterns=PatternCounts(pool, persons),
        findings=Findings(pool, lambda id, version: _account(ledger, id, version)),
        searches=SealedSearches(tables),
        handovers=HandoverLists(pool, persons, rows),
        directory=register,
        officers=EverybodyInOffice(pool),
        names=Names(pool),
        amendments=Amendments(pool, persons),
        proof=proof,
        receipts=Receipts(ledger, cases, proof),
        sweeps=SweepLists(pool),
    )


def sweep_work(
    ledger: PostgresLedger, cases: Cases, pool: ConnectionPool[Any], catch_up: Callable[[], int]
) -> SweepWork:
    """`pool`: of the leader, where the months that are to be opened are looked up."""
    return SweepWork(
        reports=Sweeps(ledger, cases),
        meetings=SweepMeetings(ledger, cases),
        campaigns=Campaigns(ledger, cases),
        duties=Duties(ledger, cases, SweepLists(pool), catch_up),
    )


def _account(ledger: PostgresLedger, id: UUID, version: int) -> str:
    found = ledger.history(FINDINGS, id).entries[version - 1].event
    assert isinstance(found, FindingRecorded)
    return found.account.text


def publishing(
    ledger: PostgresLedger,
    pool: ConnectionPool[Any],
    tables: TableKeys,
    register: RememberedRegister,
    catch_up: Callable[[], object],
) -> Publishing:
    """Counts on the leader: what is published rests on all that is recorded."""
    return Publishing(ledger, FigureCounts(pool, ServedTokens(pool, tables)), register, catch_up)


def sheet_in(file: Path) -> bytes:
    """Its text; of a workbook, that of the first sheet that it shows. Raises FileRefused."""
    return unfolded_bytes(file.read_bytes())
