"""A village with its committee, ready for officers."""

import pytest

from application.jurisdiction import Bodies
from application.sheets.areas import AreaSheets
from domain.jurisdiction.body import FoundBody
from domain.shared.values import BodyKind, Channel
from tests.jurisdiction.memory import COUNTY, DAY, MemoryLedger, MemoryRegister, asked, imported, sheet


@pytest.fixture
def ledger():
    ledger = MemoryLedger()
    AreaSheets(ledger, MemoryRegister(ledger)).take_over(asked(), sheet(*COUNTY), DAY)
    committee = FoundBody(
        area=imported("420581104201"),
        kind=BodyKind.COMMITTEE,
        body_name="全福河村人民调解委员会",
        short_name="全福河",
        code="QFH",
        channel=Channel.PEOPLE,
    )
    Bodies(ledger).found(asked(), committee)
    return ledger
