"""The classifications of a dispute: category, source, difficulty, risk, result, papers (domain lists of 2026)."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    MARRIAGE_FAMILY = "marriage-family"  # 婚姻家庭
    NEIGHBOURS = "neighbours"  # 邻里
    HOUSE_HOMESTEAD = "house-homestead"  # 房屋宅基地
    CONTRACT = "contract"  # 合同
    BUSINESS = "business"  # 生产经营
    DAMAGES = "damages"  # 损害赔偿
    FOREST_LAND = "forest-land"  # 山林土地
    LAND_TAKING = "land-taking"  # 征地拆迁
    ENVIRONMENT = "environment"  # 环境污染
    LABOUR = "labour"  # 劳动争议(拖欠工资)
    CONSUMER = "consumer"  # 消费
    MEDICAL = "medical"  # 医疗
    TRAFFIC = "traffic"  # 道路交通
    PROPERTY_MANAGEMENT = "property-management"  # 物业
    E_COMMERCE = "e-commerce"  # 电子商务
    TOURISM = "tourism"  # 旅游
    CAMPUS = "campus"  # 校园
    INTELLECTUAL_PROPERTY = "intellectual-property"  # 知识产权
    FINANCE_INSURANCE = "finance-insurance"  # 金融保险
    OTHER = "other"  # 其他


class Source(StrEnum):
    """Where a dispute came from; rolled up to the official three: found, applied for, handed over."""

    GRID_SWEEP = "grid-sweep"  # 网格排查
    PARTY = "party"  # 当事人申请
    HOTLINE_12345 = "hotline-12345"  # 12345
    POLICE_110 = "police-110"  # 110 非警务
    PETITION = "petition"  # 信访移交
    COURT_GUIDED = "court-guided"  # 法院引导
    COURT_DELEGATED = "court-delegated"  # 法院委派
    COURT_ENTRUSTED = "court-entrusted"  # 法院委托
    PROCURATORATE = "procuratorate"  # 检察
    ORGAN = "organ"  # 行政机关移送
    FROM_ABOVE = "from-above"  # 上级交办
    VILLAGE_REPORT = "village-report"  # 村(社)上报
    OTHER = "other"  # 其他


class Urgency(StrEnum):
    ORDINARY = "ordinary"  # 一般
    URGENT = "urgent"  # 紧急


class Difficulty(StrEnum):
    SIMPLE = "simple"  # 简易
    ORDINARY = "ordinary"  # 一般
    COMPLEX = "complex"  # 疑难复杂
    MAJOR = "major"  # 重大

    @property
    def rank(self) -> int:
        return list(Difficulty).index(self)


class Risk(StrEnum):
    LOW = "low"  # 低
    YELLOW = "yellow"  # 黄
    ORANGE = "orange"  # 橙
    RED = "red"  # 红


class Side(StrEnum):
    APPLICANT = "applicant"  # 申请人
    RESPONDENT = "respondent"  # 被申请人
    THIRD = "third"  # 其他当事人


class PartyKind(StrEnum):
    PERSON = "person"  # 自然人
    ORGANISATION = "organisation"  # 单位
    GROUP = "group"  # 群体


class Capacity(StrEnum):
    """By what right somebody speaks for a party."""

    ENTRUSTED = "entrusted"  # 委托代理人
    GUARDIAN = "guardian"  # 法定代理人
    LEGAL_REPRESENTATIVE = "legal-representative"  # 法定代表人
    GROUP_SPOKESPERSON = "group-spokesperson"  # 推选代表


class Mandate(StrEnum):
    """By what title a body mediates."""

    OWN = "own"  # 自行受理
    TRANSFERRED = "transferred"  # 移送(移交)
    DELEGATED = "delegated"  # 法院委派(立案前)
    ENTRUSTED = "entrusted"  # 法院委托(立案后)


class Procedure(StrEnum):
    """The procedure of a suit that a court entrusted after it was filed."""

    ORDINARY = "ordinary"  # 普通程序
    SUMMARY = "summary"  # 简易程序


COURT_MANDATES = frozenset({Mandate.DELEGATED, Mandate.ENTRUSTED})


class AgreementForm(StrEnum):
    WRITTEN = "written"  # 书面
    ORAL = "oral"  # 口头


class SigningManner(StrEnum):
    """How an agreement is signed (人民调解法 29)."""

    SIGNATURE = "signature"  # 签名
    STAMP = "stamp"  # 盖章
    FINGERPRINT = "fingerprint"  # 按指印


class CourtRemedy(StrEnum):
    """What the court is asked for when what was agreed is not done."""

    ENFORCEMENT = "enforcement"  # 强制执行
    PAYMENT_ORDER = "payment-order"  # 支付令


class Extent(StrEnum):
    ALL_CLAIMS = "all-claims"  # 全部争议
    PARTIAL = "partial"  # 部分争议


class Nature(StrEnum):
    """What the agreement is about, as far as the court asks before it confirms (民诉解释 355)."""

    ORDINARY = "ordinary"  # 一般民事
    IDENTITY_RELATION = "identity-relation"  # 身份关系
    TITLE = "title"  # 确认权属


class EndGround(StrEnum):
    """Why a mediation ended without agreement."""

    FAILED = "failed"  # 调解不成
    PARTY_ENDED = "party-ended"  # 当事人要求终止
    WITHDRAWN = "withdrawn"  # 申请人撤回
    REFUSED = "refused"  # 明确拒绝
    OUT_OF_CONTACT = "out-of-contact"  # 无法联系
    SELF_SETTLED = "self-settled"  # 自行和解
    TO_ADMINISTRATIVE = "to-administrative"  # 转行政处理
    TO_ARBITRATION = "to-arbitration"  # 转仲裁
    TO_COURT = "to-court"  # 转诉讼
    PUBLIC_ORDER = "public-order"  # 转为治安案件
    CRIMINAL = "criminal"  # 转为刑事案件
    REFERRED = "referred"  # 分流转办
    ESCALATED = "escalated"  # 上行或交办
    TIME_LIMIT = "time-limit"  # 调解期限届满


class Result(StrEnum):
    """How a dispute came out."""

    AGREEMENT_WRITTEN = "agreement-written"  # 达成书面协议
    AGREEMENT_ORAL = "agreement-oral"  # 达成口头协议
    AGREEMENT_PARTIAL = "agreement-partial"  # 达成部分协议
    FAILED = "failed"  # 调解不成
    WITHDRAWN = "withdrawn"  # 撤回
    SELF_SETTLED = "self-settled"  # 自行和解
    REFUSED = "refused"  # 拒绝调解
    OUT_OF_CONTACT = "out-of-contact"  # 无法联系
    DECLINED = "declined"  # 不予受理
    TO_ADMINISTRATIVE = "to-administrative"  # 转行政处理
    TO_ARBITRATION = "to-arbitration"  # 转仲裁
    TO_COURT = "to-court"  # 转诉讼
    PUBLIC_ORDER = "public-order"  # 转为治安案件
    CRIMINAL = "criminal"  # 转为刑事案件


class DeclineGround(StrEnum):
    NOT_CIVIL = "not-civil"  # 不属于民间纠纷
    OTHER_ORGAN = "other-organ"  # 其他机关已受理或已处理
    PARTY_REFUSES = "party-refuses"  # 一方明确拒绝
    LAW_FORBIDS = "law-forbids"  # 法律规定由专门机关管辖或禁止调解
    NO_PARTY = "no-party"  # 没有明确的当事人


class OrganKind(StrEnum):
    COURT = "court"  # 法院
    POLICE = "police"  # 公安
    ARBITRATION = "arbitration"  # 仲裁机构
    ADMINISTRATIVE = "administrative"  # 行政机关
    PETITION = "petition"  # 信访部门
    OTHER = "other"  # 其他机关


class MatterStep(StrEnum):
    """How far the same dispute is before another organ."""

    SUIT_RECEIVED = "suit-received"  # 法院收到起诉
    SUIT_ORDINARY = "suit-ordinary"  # 立案(普通程序)
    SUIT_SUMMARY = "suit-summary"  # 立案(简易程序)
    SUIT_SMALL = "suit-small"  # 立案(小额诉讼)
    PETITION_RECEIVED = "petition-received"  # 信访部门收到
    PETITION_ACCEPTED = "petition-accepted"  # 信访受理
    PETITION_ANSWERED = "petition-answered"  # 信访已书面答复
    PETITION_REVIEW = "petition-review"  # 信访复查(复核)
    POLICE_CASE = "police-case"  # 治安案件
    ACCEPTED_BY_ORGAN = "accepted-by-organ"  # 行政机关已受理
    APPEAL_ABOVE = "appeal-above"  # 行政复议


class Paper(StrEnum):
    """The 13 kinds of paper in a file."""

    APPLICATION = "application"  # 申请书
    ACCEPTANCE = "acceptance"  # 受理登记表
    RIGHTS_NOTICE = "rights-notice"  # 权利义务告知书
    IDENTITY = "identity"  # 身份证明
    AUTHORISATION = "authorisation"  # 授权委托书
    INVESTIGATION = "investigation"  # 调查记录
    EVIDENCE = "evidence"  # 证据材料
    MEDIATION_RECORD = "mediation-record"  # 调解记录
    AGREEMENT = "agreement"  # 调解协议书
    ORAL_AGREEMENT = "oral-agreement"  # 口头协议登记表
    PERFORMANCE_PROOF = "performance-proof"  # 履行证明
    FOLLOW_UP = "follow-up"  # 回访记录
    CONFIRMATION = "confirmation"  # 司法确认材料


class EvidenceKind(StrEnum):
    DOCUMENT = "document"  # 书证
    OBJECT = "object"  # 物证
    PHOTO = "photo"  # 照片
    AUDIO_VIDEO = "audio-video"  # 视听资料
    ELECTRONIC = "electronic"  # 电子数据
    TESTIMONY = "testimony"  # 证人证言
    APPRAISAL = "appraisal"  # 鉴定意见


class Satisfaction(StrEnum):
    SATISFIED = "satisfied"  # 满意
    NEUTRAL = "neutral"  # 一般
    DISSATISFIED = "dissatisfied"  # 不满意
    NO_ANSWER = "no-answer"  # 未作答


class ParticipantRole(StrEnum):
    RELATIVE = "relative"  # 亲属
    NEIGHBOUR = "neighbour"  # 邻里
    COLLEAGUE = "colleague"  # 同事
    EXPERT = "expert"  # 专业人员
    LAWYER = "lawyer"  # 律师
    OFFICIAL = "official"  # 机关、村(社)工作人员
    RESPECTED = "respected"  # 公道正派的社会人士
    INTERPRETER = "interpreter"  # 翻译
    OTHER = "other"  # 其他
