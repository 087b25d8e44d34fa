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
    RegisterOfficer,
)

OfficeCommand = RegisterOfficer | AppointOfficer | RevokeAppointment | DisableOfficer | EnableOfficer
OfficeEvent = OfficerRegistered | OfficerAppointed | AppointmentRevoked | OfficerDisabled | OfficerEnabled
