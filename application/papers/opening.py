"""受理阶段的材料: application, acceptance, rights, identity, authorisation."""

from __future__ import annotations

from application.papers.blocks import Block, Cell, Grid, Line, Prose, Signatures, Signing, Table, label, row
from application.papers.parties import SEAL, SIGN, parties, to_be_signed
from application.papers.telling import UNKNOWN, Telling, chinese
from domain.case.kinds import Side

RIGHTS = (
    "依照《中华人民共和国人民调解法》第二十三条，当事人在人民调解活动中享有下列权利：",
    "（一）选择或者接受人民调解员；",
    "（二）接受调解、拒绝调解或者要求终止调解；",
    "（三）要求调解公开进行或者不公开进行；",
    "（四）自主表达意愿、自愿达成调解协议。",
    "依照《中华人民共和国人民调解法》第二十四条，当事人在人民调解活动中履行下列义务：",
    "（一）如实陈述纠纷事实；",
    "（二）遵守调解现场秩序，尊重人民调解员；",
    "（三）尊重对方当事人行使权利。",
)


def application(of: Telling) -> list[Block] | None:
    if not of.case.registered_at:
        return None
    body = of.name(of.case.registered_for or of.case.holder)
    return [
        parties(of),
        Prose(of.read.facts or UNKNOWN, "纠纷简要情况"),
        Prose(f"请求{body}依法调解上述纠纷。", "当事人申请事项"),
        Prose(f"{body}已将申请人民调解的相关规定告知我，现自愿申请进行调解。"),
        Signatures(to_be_signed(of, Side.APPLICANT)),
    ]


def acceptance(of: Telling) -> list[Block] | None:
    registered, accepted = of.done("registered"), of.done("accepted")
    if registered is None:
        return None
    case = of.case
    source, category = (of.say(one) if one else UNKNOWN for one in (case.source, case.category))
    opinion = "尚未决定是否受理。"
    if accepted:
        how = "依职权主动调解" if accepted.event.own_motion else "依当事人申请"
        opinion = f"{chinese(accepted.occurred_at)}{how}，决定受理。{accepted.event.note or ''}"
    if declined := of.done("declined"):
        opinion = f"{chinese(declined.occurred_at)}决定不予受理：{of.say(declined.event.because)}。"
    sheet: list[Block] = [
        Grid(
            [
                row(("登记时间", chinese(registered.occurred_at)), ("案件来源", source)),
                row(("纠纷类型", category), ("纠纷地点", of.name(case.place, registered))),
                row(("登记机构", of.name(registered.event.registered_by, registered)), ("登记人", of.by(registered))),
            ]
        ),
        parties(of),
        Grid([[label("纠纷简要\n情况"), Cell(of.read.facts or UNKNOWN, 7)], [label("受理意见"), Cell(opinion, 7)]]),
        Signatures(
            [
                *to_be_signed(of, Side.APPLICANT),
                Signing(f"登记人　{of.by(registered)}", "系统登记", chinese(registered.recorded_at)),
                Signing(of.name(case.holder), SEAL, chinese(accepted.occurred_at) if accepted else ""),
            ]
        ),
        Line("备注：此表由人民调解委员会填写。"),
    ]
    return sheet


def rights_notice(of: Telling) -> list[Block]:
    told: list[Block] = []
    rows = [
        (of.names(line.event.parties, line), of.say(line.event.form), chinese(line.occurred_at), of.by(line))
        for line in of.of("rights_told")
    ]
    if rows:
        told = [Table(("已告知", "方式", "日期", "告知人"), (4, 1, 2, 1), rows, "告知记录")]
    body = of.name(of.case.holder)
    sign = [Signing(one.who, SIGN) for one in to_be_signed(of)]
    return [*(Prose(one) for one in RIGHTS), *told, Signatures(sign), Line(body, "right")]


def identity(of: Telling) -> list[Block] | None:
    rows = []
    for id, party in of.present.items():
        if line := of.done("identity_checked", party=id):
            about = (of.say(party.side), of.name(id), of.sex(party), of.age(party))
            rows.append((*about, line.event.document, chinese(line.occurred_at), of.by(line)))
    if not rows:
        return None
    columns = ("当事人", "姓名（名称）", "性别", "年龄", "核对的证件", "核对日期", "核对人")
    said = "经当面核对证件，下列当事人身份属实。证件复印件另附的，一并入卷。"
    return [Prose(said), Table(columns, (2, 3, 1, 1, 3, 3, 2), rows)]


def authorisation(of: Telling) -> list[Block] | None:
    blocks: list[Block] = []
    for id in of.present:
        for line in of.of("party_represented", party=id):
            one = line.event.representative
            given = "已收存" if line.event.authorisation else "未收存，代理人不得代为签字、同意"
            speaker = f"{one.name}（{of.say(one.capacity)}）"
            blocks += [
                Grid(
                    [
                        row(("委托人", of.name(id)), ("受托人", speaker)),
                        row(("联系方式", one.phone or UNKNOWN), ("授权材料", given)),
                        row(("登记日期", chinese(line.occurred_at)), ("登记人", of.by(line))),
                    ]
                ),
                Prose(
                    f"委托人因本纠纷委托受托人参加调解。委托权限：{'特别授权' if line.event.empowers else '一般授权'}"
                    "，以双方签名的授权委托书为准。"
                ),
                Signatures([Signing(f"委托人　{of.name(id)}", SIGN), Signing(f"受托人　{one.name}", SIGN)]),
            ]
    return blocks or None
