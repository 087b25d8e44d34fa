"""规则 Rules: the yearly calendar of the State Council's notice, and what a county sets in place of the defaults."""

from domain.rules.holidays import AmendHolidays, HolidaysAmended, HolidaysPublished, PublishHolidays
from domain.rules.packs import PackPublished, PackWithdrawn, PublishRulePack, WithdrawRulePack

RulesCommand = PublishHolidays | AmendHolidays | PublishRulePack | WithdrawRulePack
RulesEvent = HolidaysPublished | HolidaysAmended | PackPublished | PackWithdrawn
