"""The demo's other bodies: a court, an organ, the petition office, and in each township the police and a centre."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from api.demo.names import TOWNSHIPS, person_name
from api.demo.steps import Committee
from domain.jurisdiction.body import body_id
from domain.office.officer import officer_id
from domain.shared.values import AreaId, BodyId, Level

COUNTY = "990101"
ABOVE = (
    ("DMFY", "青溪县人民法院", "县法院", "court", ""),
    ("DMJG", "青溪县市场监督管理局", "县市监局", "organ", "administrative"),
    ("DMXF", "青溪县信访局", "县信访局", "petition", ""),
    ("DMZX", "青溪县综治中心", "县综治中心", "centre", "people"),
)
LOGINS = {"DMFY": "fayuan", "DMJG": "shijian", "DMXF": "xinfang", "DMGA001": "paichusuo", "DMZZ001": "zongzhi"}
"""Who of these bodies can sign in."""


@dataclass(frozen=True)
class OtherBodies:
    """Where a case may go, by the code of the township."""

    court: Committee
    organ: Committee
    petition: Committee
    county: Committee
    police: dict[str, Committee]
    towns: dict[str, Committee]
    villages: dict[str, list[Committee]]


def bodies() -> bytes:
    rows = ["code,name,short_name,kind,area_code,channel,answers_for"]
    rows += [f"{code},{name},{short},{kind},{COUNTY},{channel}," for code, name, short, kind, channel in ABOVE]
    for number, (name, _) in enumerate(TOWNSHIPS, 1):
        area, short = f"{COUNTY}{number:03d}", name[:-1]
        rows.append(f"DMGA{number:03d},{short}派出所,{short}所,police,{area},administrative,")
        rows.append(f"DMZZ{number:03d},{name}综治中心,{short}综治,centre,{area},people,")
    return "\n".join(rows).encode()


def codes() -> list[str]:
    below = [f"{kind}{number:03d}" for number in range(1, len(TOWNSHIPS) + 1) for kind in ("DMGA", "DMZZ")]
    return [*(row[0] for row in ABOVE), *below]


def logins_of(code: str) -> list[str]:
    return [LOGINS.get(code, f"{code.lower()}.1"), f"{code.lower()}.2", f"{code.lower()}.3"]


def officers(source: Random) -> bytes:
    rows = ["login,name,role,body_code,area_code,member,woman"]
    for code in codes():
        area = COUNTY if code in {row[0] for row in ABOVE} else f"{COUNTY}{code[-3:]}"
        role = "coordinator" if code.startswith(("DMZZ", "DMZX")) else "mediator"
        seated = "" if code == "DMXF" else "yes"
        for number, login in enumerate(logins_of(code)):
            woman = "" if not seated else "yes" if number == 1 else "no"
            rows.append(f"{login},{person_name(source)},{role},{code},{area},{seated},{woman}")
    return "\n".join(rows).encode()


def other_bodies(committees: list[Committee], county_area: AreaId) -> OtherBodies:
    """`committees`: those of the villages, the townships and the county."""
    by_level = {level: [one for one in committees if one.level is level] for level in Level}
    towns = {one.town: one for one in by_level[Level.TOWNSHIP]}
    villages: dict[str, list[Committee]] = {town: [] for town in towns}
    for one in by_level[Level.VILLAGE]:
        villages[one.town].append(one)
    police = {town: _desk(f"DMGA{town[-3:]}", one.area, Level.TOWNSHIP, town) for town, one in towns.items()}
    court, organ, petition = (_desk(code, county_area, Level.COUNTY, "") for code in ("DMFY", "DMJG", "DMXF"))
    return OtherBodies(court, organ, petition, by_level[Level.COUNTY][0], police, towns, villages)


def _desk(code: str, area: AreaId, level: Level, town: str) -> Committee:
    members = tuple(officer_id(login) for login in logins_of(code))
    return Committee(BodyId(body_id(code)), area, level, members, town)
