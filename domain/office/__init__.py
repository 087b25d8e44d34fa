"""人员 Office: officers, what they are appointed to, and who may act."""

from domain.office.appointments import (
    AppointmentRevoked,
    AppointOfficer,
    OfficerAppointed,
    RevokeAppointment,
)
from domain.office.officer import (
    DisableOfficer,
    EnableOfficer,
    OfficerDisabled,
    OfficerEnabled,
    OfficerRegistered,
    OfficerRenamed,
    PasswordSet,
    RegisterOfficer,
    RenameOfficer,
    SetPassword,
    TokenEnded,
)
from domain.office.tokens import EndToken, IssueToken, TokenIssued

OfficeCommand = (
    RegisterOfficer
    | RenameOfficer
    | AppointOfficer
    | RevokeAppointment
    | DisableOfficer
    | EnableOfficer
    | SetPassword
    | IssueToken
    | EndToken
)
OfficeEvent = (
    OfficerRegistered
    | OfficerRenamed
    | OfficerAppointed
    | AppointmentRevoked
    | OfficerDisabled
    | OfficerEnabled
    | PasswordSet
    | TokenIssued
    | TokenEnded
)
