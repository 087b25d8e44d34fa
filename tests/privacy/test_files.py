"""照片与扫描件: erased with whoever they may show, and swept where nobody filed them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from application.files import FileErased, NoSuchFile, file_id
from domain.shared.values import CaseId
from tests.api.test_files import bring, filed, photo
from tests.privacy.conftest import Kept, kept, wrapped_keys


@pytest.fixture
def case(county):
    return kept(county, closed=False)


def closed(case: Kept) -> None:
    case.case.act("decline-case", because="not-civil", reason="不属受理范围", remedies_told=True)
    case.county.parts.projector.catch_up()


def swept(case: Kept, **later: float) -> int:
    return case.county.parts.sweeping.sweep(datetime.now(UTC) + timedelta(**later))


def names(case: Kept) -> set[str]:
    return {one.name for one in (case.county.state / "files").glob("*/*")}


def test_a_file_is_erased_with_any_person_of_its_case_and_not_kept_again(case):
    hash = filed(case.case, photo(), "identity")
    owner = file_id(case.id, hash)
    assert wrapped_keys(case.county.state, owner)
    closed(case)

    case.erase()

    files = case.county.parts.system.deciding.files
    assert not wrapped_keys(case.county.state, owner)
    with pytest.raises(NoSuchFile):
        files._files.get(CaseId(UUID(case.case.id)), hash)
    with pytest.raises(FileErased):
        files._files.put(CaseId(UUID(case.case.id)), photo())
    assert swept(case, days=3) >= 1
    assert owner.hex not in names(case)


def test_while_a_person_is_restricted_no_picture_of_the_case_is_shown(case):
    hash = filed(case.case, photo("blue"), "evidence")
    case.restrict()

    answer = case.county.as_("li.ming").get(f"/api/cases/{case.id}/files/{hash}")

    assert answer.json()["code"] == "person-is-withheld"


def test_what_nobody_filed_is_thrown_away_after_two_days_and_what_was_filed_stays(case):
    hash, forgotten = filed(case.case, photo("green")), bring(case.case, photo("tan")).json()["sha256"]

    swept(case, hours=47)
    assert {file_id(case.id, one).hex for one in (hash, forgotten)} <= names(case)

    swept(case, hours=49)
    assert file_id(case.id, forgotten).hex not in names(case)
    assert file_id(case.id, hash).hex in names(case)
