"""结案阶段的材料和函件: performance, follow-up, confirmation, transfer, return, and the report on the closing."""

from __future__ import annotations

from application.papers.blocks import Block, Cell, Grid, Line, Numbered, Prose, Signatures, Signing, Table, label, row
from application.papers.parties import SEAL, SIGN, parties, to_be_signed
from application.papers.telling import UNKNOWN, Telling, chinese, yuan


def performance_proof(of: Telling) -> list[Block] | None:
    agreed = of.told.agreement
    rows, owed = [], {one.number: one for one in agreed.obligations} if agreed else {}
    for line in of.of("obligation_performed", mediation=of.mediation):
        event = line.event
        one = owed.get(event.obligation)
        what, whom = (one.what.text, of.name(one.obligor, line)) if one else (UNKNOWN, UNKNOWN)
        done = "全部履行" if event.complete else "部分履行"
        rows.append((whom, what, yuan(event.amount) if event.amount else "非金钱", done, chinese(line.occurred_at)))
    if not rows:
        return None
    return [
        Prose(f"当事人{of.names(of.present)}就本纠纷达成的协议（{of.number}）中，下列义务已经履行："),
        Table(("义务人", "履行内容", "金额", "履行情况", "履行日期"), (2, 5, 3, 2, 3), rows),
        Prose("以上情况属实，特此证明。"),
        Signatures([*to_be_signed(of), Signing(of.name(of.case.holder), SEAL)]),
    ]


def follow_up(of: Telling) -> list[Block] | None:
    asked = [
        (of.name(line.event.party, line), of.say(line.event.satisfaction), line.event.remark.text or "无")
        for line in of.of("satisfaction_answered")
    ]
    visits = list(of.of("followed_up"))
    if not visits:
        return None
    blocks: list[Block] = [Grid([row(("当事人", of.names(of.present)), ("协议编号", of.number))])]
    for line in visits:
        blocks += [
            Grid(
                [
                    row(("回访时间", chinese(line.occurred_at)), ("回访人", of.by(line))),
                    row(("回访事由", "协议履行情况和当事人意见")),
                    [label("回访情况"), Cell(line.event.findings.text or UNKNOWN, 7)],
                ]
            )
        ]
    if asked:
        blocks.append(Table(("当事人", "满意度", "意见"), (3, 2, 6), asked))
    return [*blocks, Signatures([Signing(f"回访人　{of.by(visits[-1])}", SIGN, chinese(visits[-1].occurred_at))])]


def confirmation(of: Telling) -> list[Block] | None:
    made, state = of.told.agreement, of.state
    if made is None or state is None or state.agreement is None:
        return None
    applied = of.done("confirmation_applied", mediation=of.mediation)
    court = UNKNOWN
    if applied:
        court = applied.event.court or of.name(applied.event.court_body, applied)
    body, day = of.name(state.body), chinese(state.agreement.reached_at)
    return [
        parties(of),
        Prose(f"请求依法确认申请人于{day}经{body}主持调解达成的协议（{of.number}）有效。", "请求事项"),
        Prose(made.facts.text or of.read.facts or UNKNOWN, "事实和理由"),
        Prose(
            "申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如果因为该协议内容而给他人造成损害的，"
            "愿意承担相应的民事责任和其他法律责任。"
        ),
        Line("此致"),
        Line(court if court != UNKNOWN else "　　　　　　人民法院"),
        Signatures([Signing(one.who, SIGN, chinese(applied.occurred_at) if applied else one.day)
                    for one in to_be_signed(of)]),
        Numbered(["调解协议书", "申请人身份证明", "与调解协议有关的财产权利证明等材料"], "附"),
    ]  # fmt: skip


def transfer(of: Telling) -> list[Block] | None:
    """移送函: of the offer that was made last."""
    offered = of.done("offered")
    if offered is None:
        return None
    case = of.case
    return [
        Line(f"{of.names(offered.event.to, offered)}："),
        Prose(
            f"我单位办理的{of.names(of.present)}之间的纠纷（{case.code}），按照有关规定，现以"
            f"“{of.say(offered.event.kind)}”方式移送你单位，请审查并在规定期限内答复是否接收。"
        ),
        Prose(of.read.facts or UNKNOWN, "纠纷简要情况"),
        Prose("移送的内容以当事人同意告知的范围为限，详见系统内的移送记录。"),
        Signatures([Signing(of.name(offered.body, offered), SEAL, chinese(offered.occurred_at))]),
    ]


def returned(of: Telling) -> list[Block] | None:
    """退回函: of the referral that came back last."""
    back = of.done("referral_came_back")
    if back is None:
        return None
    sent = of.done("handed_over", referral=back.event.referral)
    to = next((one.body for one in of.of("offered", referral=back.event.referral)), of.case.holder)
    return [
        Line(f"{of.name(to, back)}："),
        Prose(
            f"你单位移送的{of.names(of.present)}之间的纠纷（{of.case.code}）已经办理完毕，"
            f"结果：{of.say(back.event.outcome)}。现将有关材料退回，请接收。"
        ),
        Signatures([Signing(of.name(sent.event.to if sent else back.body, back), SEAL, chinese(back.occurred_at))]),
    ]


def closing_report(of: Telling) -> list[Block] | None:
    closed, case = of.done("closed"), of.case
    if closed is None:
        return None
    held = sum(1 for _ in of.of("session_held"))
    course = [f"{chinese(case.registered_at)}登记。"]
    course += [f"{chinese(line.occurred_at)}受理。" for line in of.of("accepted")]
    course += [f"共调解{held}次。"] if held else []
    course += [f"{chinese(line.occurred_at)}达成协议。" for line in of.of("agreement_reached")]
    course += [f"{chinese(line.occurred_at)}协议生效。" for line in of.of("agreement_took_effect")]
    ended = ((chinese(line.occurred_at), of.say(line.event.ground)) for line in of.of("mediation_ended"))
    course += [f"{day}终止调解：{ground}。" for day, ground in ended]
    course.append(f"{chinese(closed.occurred_at)}结案。")
    category = of.say(case.category) if case.category else UNKNOWN
    return [
        Grid(
            [
                row(("案号", case.code), ("纠纷类型", category)),
                row(("结案日期", chinese(closed.occurred_at)), ("结案方式", of.say(closed.event.result))),
            ]
        ),
        parties(of),
        Prose(of.read.facts or UNKNOWN, "纠纷简要情况"),
        Prose("".join(course), "办理经过"),
        Prose(closed.event.account.text or "无补充说明。", "结案说明"),
        Signatures(
            [
                Signing(f"承办人　{of.by(closed)}", SIGN, chinese(closed.occurred_at)),
                Signing(of.name(case.holder, closed), SEAL, chinese(closed.occurred_at)),
            ]
        ),
    ]
