"""专项行动 S17 Campaigns: what is looked for until when, and which units have reported."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.web.administering import RegisterForm
from api.web.choices import Choices, areas_of
from api.web.page import Reader, ReaderDep, fresh, render, text
from api.web.sending import FormDep, SenderDep
from api.web.sweep import area_of
from api.web.sweep_meetings import places_of
from application.rights import Viewer
from application.sweep.rights import CALLS, REPORTS, NotYourArea, grids_of
from domain.shared.values import AreaId
from domain.sweep.campaign import (
    CampaignTurnedRound,
    EndCampaign,
    LaunchCampaign,
    ReportOnCampaign,
    TargetElsewhere,
)
from domain.sweep.kinds import CampaignId

router = APIRouter(include_in_schema=False)


@router.get("/sweeps/campaigns")
def campaigns(reader: ReaderDep, saved: str = "") -> Response:
    fresh(reader)
    found = reader.reading.sweeps.campaigns(area_of(reader), reader.today)
    return render(
        reader,
        "sweep/campaigns.html",
        campaigns=found,
        saved=saved,
        calls=reader.viewer.role in CALLS,
        names=places_of(reader, [one.unit for one in found]),
    )


def _back(reader: Reader) -> tuple[str, str]:
    return "/sweeps/campaigns", text(reader.language, "sweep_campaigns")


def _launch(reader: Reader) -> RegisterForm:
    campaigns, area = reader.deciding.sweeps.campaigns, area_of(reader)
    areas = areas_of(reader)
    inside: Choices = [one for one in areas if one[0] != str(area)] or areas
    return RegisterForm(
        reader,
        LaunchCampaign,
        _back(reader),
        lambda told, asked, seen: campaigns.launch(told, reader.viewer, asked),
        lambda receipt: f"/sweeps/campaigns/{receipt.id}?saved=yes",
        choices={"targets": inside},
        usual={"first_day": reader.today},
        fixed={"unit": str(area)},
        places={CampaignTurnedRound: ("last_day",), TargetElsewhere: ("targets",), NotYourArea: ("title",)},
    )


@router.get("/sweeps/campaigns/launch-campaign")
def new_campaign(reader: ReaderDep) -> Response:
    return _launch(reader).opened()


@router.post("/sweeps/campaigns/launch-campaign")
def launch(reader: SenderDep, form: FormDep) -> Response:
    return _launch(reader).sent(form)


@router.get("/sweeps/campaigns/{id}")
def campaign(reader: ReaderDep, id: CampaignId, saved: str = "") -> Response:
    history = reader.deciding.sweeps.campaigns.history(id, reader.viewer, reader.now())
    fresh(reader)
    return render(
        reader,
        "sweep/campaign.html",
        id=id,
        state=history.state,
        targets=reader.reading.sweeps.targets(id, area_of(reader), reader.today),
        mine=_mine(reader, reader.viewer),
        ends=reader.viewer.role in CALLS and history.state.unit == reader.viewer.area,
        saved=saved,
    )


def _mine(reader: Reader, viewer: Viewer) -> frozenset[AreaId]:
    """For which the reader reports."""
    if viewer.role not in REPORTS or viewer.area is None:
        return frozenset()
    return grids_of(viewer.area, reader.registers.register, reader.today) | {viewer.area}


def _report(reader: Reader, id: CampaignId, unit: AreaId) -> RegisterForm:
    campaigns = reader.deciding.sweeps.campaigns
    state = campaigns.history(id, reader.viewer, reader.now()).state
    return RegisterForm(
        reader,
        ReportOnCampaign,
        (f"/sweeps/campaigns/{id}", state.title),
        lambda told, asked, seen: campaigns.change(id, told, reader.viewer, asked, None),
        lambda receipt: f"/sweeps/campaigns/{id}?saved=yes",
        fixed={"unit": str(unit)},
    )


@router.get("/sweeps/campaigns/{id}/{unit}/report-on-campaign")
def report(reader: ReaderDep, id: CampaignId, unit: AreaId) -> Response:
    return _report(reader, id, unit).opened()


@router.post("/sweeps/campaigns/{id}/{unit}/report-on-campaign")
def report_on_campaign(reader: SenderDep, form: FormDep, id: CampaignId, unit: AreaId) -> Response:
    return _report(reader, id, unit).sent(form)


def _ending(reader: Reader, id: CampaignId) -> RegisterForm:
    campaigns = reader.deciding.sweeps.campaigns
    history = campaigns.history(id, reader.viewer, reader.now())
    return RegisterForm(
        reader,
        EndCampaign,
        (f"/sweeps/campaigns/{id}", history.state.title),
        lambda told, asked, seen: campaigns.change(id, told, reader.viewer, asked, seen),
        lambda receipt: f"/sweeps/campaigns/{id}?saved=yes",
        version=history.version,
    )


@router.get("/sweeps/campaigns/{id}/end-campaign")
def ending(reader: ReaderDep, id: CampaignId) -> Response:
    return _ending(reader, id).opened()


@router.post("/sweeps/campaigns/{id}/end-campaign")
def end(reader: SenderDep, form: FormDep, id: CampaignId) -> Response:
    return _ending(reader, id).sent(form)
