"""Real mediations as a mediator would enter them: who is a party, who only helps, what was said and agreed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOT_SAID = re.compile(r"未提及|不详|无")
HELPERS: Mapping[str, re.Pattern[str]] = {
    "interpreter": re.compile(r"翻译"),
    "lawyer": re.compile(r"律师|法律顾问|法律工作者"),
    "respected": re.compile(r"知名人士|会长|党员|老干部|乡贤|族长|长老"),
    "expert": re.compile(r"专家|技术人员|鉴定|评估师|会计师"),
    "official": re.compile(
        r"干部|民警|片警|交警|警官|警察|工作人员|书记|主任|主席|所长|局长|科长|镇长|乡长|村长|庭长|法官|部门|领导|委员会|委员|网格员|调解员"
    ),
    "relative": re.compile(r"亲朋|亲友"),
    "neighbour": re.compile(r"邻居"),
}
SPEAKS_FOR = re.compile(r"法定代表人|代理人|代表|有关人员|负责人|经理")
CAPACITY = (("法定代表人", "legal-representative"), ("代理人", "entrusted"))
COUNTED = re.compile(r"(\d+|[一二两三四五六七八九十百]+)\s*余?(?:户|家|名|位|人)")
GROUP = re.compile(
    r"(?:\d+|[二两三四五六七八九十百]+)\s*余?(?:户|家|名|位|人)|[们]$|(?:村民|居民|农民|农户|业主|群众|住户|工人|员工|职工|家属|亲属|父母|夫妇|兄弟|姐妹|经营户|租赁户)$"
)
ORGANISATION = re.compile(
    r"公司|厂|医院|局$|小学$|中学$|学校$|幼儿园|商场$|家具城|药房|中心$|店$|合作社|集团|企业|银行|施工方|村委会$"
)
CROSSWALK = (
    ("劳动", "labour"),
    ("婚姻", "marriage-family"),
    ("家庭", "marriage-family"),
    ("继承", "marriage-family"),
    ("环境", "environment"),
    ("邻里", "neighbours"),
    ("交通", "traffic"),
    ("医疗", "medical"),
    ("校园", "campus"),
    ("教育", "campus"),
    ("物业", "property-management"),
    ("征地", "land-taking"),
    ("拆迁", "land-taking"),
    ("山林", "forest-land"),
    ("土地", "house-homestead"),
    ("房", "house-homestead"),
    ("旅游", "consumer"),
    ("消费", "consumer"),
    ("金融", "finance-insurance"),
    ("保险", "finance-insurance"),
    ("知识产权", "intellectual-property"),
    ("债务", "contract"),
    ("合同", "contract"),
    ("经营", "business"),
    ("治安", "damages"),
    ("刑事", "damages"),
    ("赔偿", "damages"),
)
"""From the kinds of the collection to those of the reports; the first that fits. An inheritance is a family's."""
AGREED = "达成调解协议"
NAME, STORY, RECORD = 100, 20_000, 20_000


@dataclass
class Party:
    name: str
    side: str
    kind: str = "person"
    head_count: int = 1
    representatives: list[tuple[str, str]] = field(default_factory=list)
    """Name and capacity."""

    def asked(self) -> dict[str, Any]:
        return {"name": self.name, "side": self.side, "kind": self.kind, "head_count": self.head_count}


@dataclass
class Mediation:
    number: int
    facts: str
    category: str
    parties: list[Party]
    participants: list[tuple[str, str]]
    """Name and role: they sign nothing."""
    record: str
    terms: str
    """Empty: nothing was agreed."""
    dangerous: bool
    """A matter of public order or crime: it is reported to the police."""


def read(file: Path) -> list[Mediation]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [mediation(number, row) for number, row in enumerate(rows)]


def mediation(number: int, row: Mapping[str, Any]) -> Mediation:
    told, dialog = str(row["event_description"]).strip(), row.get("dialog") or []
    parties, participants = people(named(str(row.get("disputing_parties") or "")), told, dialog)
    kind = str(row.get("event_type") or "")
    agreed = [turn["text"].strip("“” \n") for turn in dialog if AGREED in str(turn.get("strategy"))]
    return Mediation(
        number=number,
        facts=told[:STORY] or kind,
        category=next((ours for theirs, ours in CROSSWALK if theirs in kind), "other"),
        parties=parties,
        participants=participants,
        record="\n".join(f"{speaker(turn)}：{turn['text']}" for turn in dialog)[:RECORD],
        terms="\n".join(text for text in agreed if text)[:STORY],
        dangerous="治安" in kind or "刑事" in kind,
    )


def speaker(turn: Mapping[str, Any]) -> str:
    return "调解员" if turn.get("speaker") == "sys" else str(turn.get("speaker") or "在场人员")


def named(text: str) -> list[str]:
    """The names in their order, each once; commas within brackets belong to a name."""
    found = re.findall(r"(?:[^,，、;；（(]|[（(][^）)]*[）)]?)+", text)
    names = (re.sub(r"\s+", " ", one).strip()[:NAME] for one in found)
    return list(dict.fromkeys(name for name in names if name and not NOT_SAID.fullmatch(name)))


def people(names: Sequence[str], told: str, dialog: Sequence[Mapping[str, Any]]) -> tuple[list[Party], Any]:
    """The first named applies, the second responds; later ones are parties too, unless they help or speak for one."""
    names = _both_sides(names, dialog)
    roles = {name: helps_as(name) for name in names[1:]}
    respondent = next((name for name in names[1:] if not roles[name]), names[1])
    parties = [party(names[0], "applicant", told, dialog), party(respondent, "respondent", told, dialog)]
    participants: list[tuple[str, str]] = []
    for name in [one for one in names[1:] if one != respondent]:
        represented = _speaks_for(name, parties, names)
        if represented:
            represented.representatives.append((name, capacity(name, represented)))
        elif role := roles[name]:
            participants.append((name, role))
        else:
            parties.append(party(name, "third", told, dialog))
    for one in parties:
        if one.kind == "group" and not one.representatives:
            one.representatives.append((_spokesperson(one.name, dialog), "group-spokesperson"))
    return parties, participants


def _both_sides(names: Sequence[str], dialog: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where fewer than two are named: whoever else spoke, or the other side without its name."""
    spoke = (speaker(turn)[:NAME] for turn in dialog if turn.get("speaker") != "sys")
    found = list(dict.fromkeys([*names, *(spoke if len(names) < 2 else ())]))
    return [*found, "申请人（姓名未提及）", "对方（姓名未提及）"][: max(2, len(found))]


def helps_as(name: str) -> str | None:
    return next((role for role, words in HELPERS.items() if words.search(name)), None)


def party(name: str, side: str, told: str, dialog: Sequence[Mapping[str, Any]]) -> Party:
    bare = re.sub(r"[（(].*", "", name)
    if GROUP.search(bare):
        return Party(name, side, "group", heads(name, told, dialog))
    return Party(name, side, "organisation" if ORGANISATION.search(bare) else "person")


def heads(name: str, told: str, dialog: Sequence[Mapping[str, Any]]) -> int:
    """As its name says; or the story; or as many as spoke; two at the least."""
    if found := COUNTED.search(name):
        return min(max(counted(found[1]), 2), 1_000_000)
    ending = re.search(r"村民|居民|农民|农户|业主|群众|工人|员工|职工", name)
    if ending and (found := re.search(rf"(\d+)\s*[余多]?(?:户|名|位)\s*{ending[0]}", told)):
        return max(int(found[1]), 2)
    return max(2, len({speaker(turn) for turn in dialog if speaker(turn).startswith(name)}))


def counted(text: str) -> int:
    """16 and 十六; below a thousand."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in "十百":
            total, digit = total + max(digit, 1) * {"十": 10, "百": 100}[sign], 0
        else:
            digit = "一二三四五六七八九".find(sign.replace("两", "二")) + 1
    return total + digit


def _speaks_for(name: str, parties: Sequence[Party], names: Sequence[str]) -> Party | None:
    """The party whose representative this is: named in it, or the group whose spokesperson is listed."""
    if not SPEAKS_FOR.search(name):
        return None
    for one in parties:
        if one.name in name and one.kind != "person":
            return one
    groups = [one for one in parties if one.kind == "group" and not one.representatives]
    return next((one for one in groups if name.endswith("代表") and name[:-2] in one.name), None)


def capacity(name: str, represented: Party) -> str:
    found = next((ours for word, ours in CAPACITY if word in name), None)
    return found or ("group-spokesperson" if represented.kind == "group" else "entrusted")


def _spokesperson(group: str, dialog: Sequence[Mapping[str, Any]]) -> str:
    spoke = [speaker(turn)[:NAME] for turn in dialog if turn.get("speaker") != "sys"]
    near: Iterator[str] = (one for one in spoke if one.startswith(group) or (one.endswith("代表") and "户" in one))
    return next(near, next((one for one in spoke if one.endswith("村民代表")), f"{group}推选的代表"[:NAME]))
