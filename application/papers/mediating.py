"""调解阶段的材料: summons, investigation, evidence, records of sessions, the agreement in writing or registered."""

from __future__ import annotations

import re
from collections.abc import Iterable

from application.papers.blocks import Block, Cell, Grid, Line, Numbered, Prose, Signatures, Signing, Table, label, row
from application.papers.parties import (
    SEAL,
    SIGN,
    parties,
    signed_by_parties,
    signed_for_the_committee,
    to_be_signed,
)
from application.papers.telling import UNKNOWN, Telling, chinese, chinese_time, yuan
from domain.case.kinds import AgreementForm
from domain.case.mediating.agreement import AgreementReached

SHOWN_OF_HASH = 12


def summons(of: Telling) -> list[Block] | None:
    """Of the appointment that was made last."""
    planned = of.done("session_scheduled", mediation=of.mediation)
    if planned is None or of.state is None:
        return None
    session = of.told.sessions[planned.event.number]
    body = of.name(of.state.body, planned)
    place = session.where or of.name(of.case.place, planned)
    return [
        Line(f"{of.names(of.present)}："),
        Prose(
            f"{body}受理的你们之间的纠纷（{of.number}），定于{chinese_time(session.at)}在{place}进行调解。请准时到场。"
        ),
        Prose("请携带本人身份证件和与纠纷有关的材料。委托他人参加的，请同时提交授权委托书。调解不收取任何费用。"),
        Prose("不能到场的，请提前告知人民调解员。接受或者拒绝调解，由当事人自行决定。"),
        Signatures([Signing(body, SEAL, chinese(planned.occurred_at))]),
        Signatures(
            [Signing(f"收到人　{one.who}", SIGN) for one in to_be_signed(of)],
        ),
    ]


def investigation(of: Telling) -> list[Block] | None:
    notes = list(of.of("note_written"))
    blocks: list[Block] = [_whose(of)]
    for line in notes:
        blocks += [
            Grid([row(("时间", chinese_time(line.occurred_at)), ("调查人", of.by(line)))]),
            Prose(line.event.note.text or UNKNOWN, "调查（走访）情况"),
        ]
    return [*blocks, Signatures([Signing("被调查人", SIGN), Signing("调查人", SIGN)])] if notes else None


def _whose(of: Telling) -> Grid:
    return Grid([row(("当事人", of.names(of.present)))])


def evidence(of: Telling) -> list[Block] | None:
    rows = []
    for number, line in enumerate(of.of("evidence_filed"), 1):
        event = line.event
        brought = of.name(event.party, line) if event.party else "调解员收集"
        what = event.description.text or UNKNOWN
        rows.append((str(number), of.say(event.kind), what, brought, chinese(line.occurred_at), event.sha256))
    if not rows:
        return None
    shown = [(*one[:5], one[5][:SHOWN_OF_HASH]) for one in rows]
    columns = ("序号", "种类", "说明", "提交人", "提交日期", "内容摘要")
    return [_whose(of), Table(columns, (2, 2, 5, 3, 4, 5), shown)]


def mediation_record(of: Telling) -> list[Block] | None:
    blocks: list[Block] = []
    for line in of.of("session_held", mediation=of.mediation):
        blocks += _session(of, line.event.number)
    return blocks or None


def _session(of: Telling, number: int) -> list[Block]:
    session, line = of.told.sessions[number], of.done("session_held", mediation=of.mediation, number=number)
    assert of.state
    mediators = of.names(of.state.mediators, line)
    others = of.names(session.participants, line) if session.participants else "无"
    rows = [
        row(("时间", chinese_time(session.at)), ("地点", session.where or of.name(of.case.place, line))),
        row(("当事人", of.names(session.attended, line)), ("其他参加人", others)),
        row(("人民调解员", mediators), ("是否公开", "公开" if session.public else "不公开")),
    ]
    told = "人民调解委员会已将人民调解的相关规定告知各方当事人。"
    sign = [Signing(f"当事人　{of.name(id)}", SIGN) for id in session.attended]
    sign += [Signing(f"参加人　{of.name(id)}", SIGN) for id in session.participants]
    sign += [Signing(f"人民调解员　{of.name(id, line)}", SIGN) for id in of.state.mediators]
    heading = f"第{number}次调解记录" if len(of.told.sessions) > 1 else "调解记录"
    return [Grid(rows), Prose(told), Prose(session.record or UNKNOWN, heading), Signatures(sign)]


def agreement(of: Telling) -> list[Block] | None:
    made = of.told.agreement
    if made is None or of.state is None or made.form is AgreementForm.ORAL:
        return None
    facts = made.facts.text or of.read.facts
    issues = "\n".join(one for one in (facts, made.issues.text, made.responsibility.text) if one)
    return [
        parties(of),
        Prose(issues or UNKNOWN, "纠纷主要事实、争议事项"),
        Prose("经调解，自愿达成如下协议："),
        *_promised(of, made),
        Prose(_manner(of, made), "履行方式、时限"),
        Prose("本协议书由当事人各执一份，人民调解委员会留存一份。"),
        Signatures([*signed_by_parties(of, of.mediation), *signed_for_the_committee(of, of.mediation)]),
    ]


def oral_agreement(of: Telling) -> list[Block] | None:
    """人民调解口头协议登记表: a table, which the mediator signs and the committee seals (人民调解法 28)."""
    made = of.told.agreement
    if made is None or of.state is None or made.form is not AgreementForm.ORAL:
        return None
    facts = "\n".join(one for one in (made.facts.text or of.read.facts, made.issues.text) if one)
    content = "\n".join((*_lines(of, made), *_beside(made)))
    return [
        parties(of),
        Grid(
            [
                [label("时间"), Cell(chinese_time(of.state.reached.reached_at), 7)],
                [label("纠纷主要\n事实、争\n议事项"), Cell(facts or UNKNOWN, 7)],
                [label("协议内容"), Cell(content or UNKNOWN, 7)],
                [label("履行方式、\n时限"), Cell(_manner(of, made), 7)],
            ]
        ),
        Signatures(list(signed_for_the_committee(of, of.mediation))),
        Line("备注：此表由人民调解委员会填写。"),
    ]


def _promised(of: Telling, made: AgreementReached) -> list[Block]:
    beside = [Prose(one) for one in _beside(made)]
    return [*([Numbered(list(_lines(of, made)))] if made.obligations else []), *beside]


def _beside(made: AgreementReached) -> list[str]:
    """What the terms say beside what somebody promised: a form writes each promise as a numbered line of them."""
    lines = made.terms.text.split("\n")
    for number, one in enumerate(made.obligations):
        if number < len(lines) and lines[number] == f"{number + 1}. {one.what.text}":
            lines[number] = ""
    return [re.sub(r"^\d+\. ", "", one) for one in lines if one.strip()]


def _lines(of: Telling, made: AgreementReached) -> Iterable[str]:
    for one in made.obligations:
        amount = f"（{yuan(one.amount)}）" if one.amount else ""
        due = f"，于{chinese(one.due)}前履行" if one.due else ""
        yield f"{of.name(one.obligor)}：{one.what.text.rstrip('。')}{amount}{due}。"


def _manner(of: Telling, made: AgreementReached) -> str:
    days = sorted({one.due for one in made.obligations if one.due})
    until = f"最后履行期限为{chinese(days[-1])}。" if days else "即时履行，或者按上述协议内容履行。"
    return f"{made.manner.rstrip('。')}。{until}" if made.manner else until
