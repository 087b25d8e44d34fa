"""管辖 Jurisdiction: areas from grid to province, and the bodies that sit in them."""

from domain.jurisdiction.area import (
    AreaFounded,
    AreaRecoded,
    AreaRenamed,
    FoundArea,
    RecodeArea,
    RenameArea,
)
from domain.jurisdiction.body import (
    BodyDissolved,
    BodyFounded,
    BodyRenamed,
    DissolveBody,
    FoundBody,
    RenameBody,
)
from domain.jurisdiction.committee import (
    CommitteeConstituted,
    ConstituteCommittee,
    MemberSeated,
    MemberUnseated,
    SeatMember,
    UnseatMember,
)
from domain.jurisdiction.lineage import (
    AbolishArea,
    AreaAbolished,
    AreaMerged,
    AreaMoved,
    AreaSplit,
    AreaTakenIn,
    MergeArea,
    MoveArea,
    SplitArea,
    TakeInArea,
)
from domain.jurisdiction.merging import BodyMerged, BodyTakenIn, MergeBody, TakeInBody

AreaCommands = FoundArea | RenameArea | RecodeArea | MoveArea | MergeArea | TakeInArea | SplitArea | AbolishArea
BodyCommands = (
    FoundBody | RenameBody | DissolveBody | MergeBody | TakeInBody | ConstituteCommittee | SeatMember | UnseatMember
)
JurisdictionCommand = AreaCommands | BodyCommands

AreaEvents = AreaFounded | AreaRenamed | AreaRecoded | AreaMoved | AreaMerged | AreaTakenIn | AreaSplit | AreaAbolished
BodyEvents = (
    BodyFounded
    | BodyRenamed
    | BodyDissolved
    | BodyMerged
    | BodyTakenIn
    | CommitteeConstituted
    | MemberSeated
    | MemberUnseated
)
JurisdictionEvent = AreaEvents | BodyEvents
