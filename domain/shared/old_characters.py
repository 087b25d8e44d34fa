"""旧字符 Characters that older programs put in the place of others: the same person, written with another code."""

from __future__ import annotations

from collections.abc import Mapping

_FIRST = 0xE815
_STANDARD = (
    "⺁\U00020087\U00020089\U000200cc⺄㑳㑇⺈⺋\u9fb4㖞㘚㘎⺌⺗㥮㤘\u9fb5㧏㧟㩳㧐\u9fb6\u9fb7㭎㱮㳠⺧\U000215d7\u9fb8"
    "⺪䁖䅟⺮䌷⺳⺶⺷\U0002298f䎱䎬⺻䏝䓖䙡䙌\u9fb9䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶\u9fba\U000241fe䲣䲟䲠䲡䱷䲢"
    "䴓䴔䴕䴖䴗䴘䴙䶮\u9fbb"
)
"""What GBK and GB 18030-2000 had at FE50 to FEA0 as private characters, in that order; GB 18030-2005 and -2022 say
which characters of Unicode they are. 䶮 is one of them: it is a given name."""
_LETTERS = {"\ue7c7": "ḿ", "\ue7c8": "ǹ"}
_RADICALS = dict(
    zip(
        "⺒⺓⺠⺩⻁⻄⻅⻆⻉⻋⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "巳幺民王虎西见角贝车长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)
"""Parts of characters that look like a whole one: text that was copied out of a printed file has them."""

STANDARD: Mapping[str, str] = {
    **{chr(_FIRST + place): character for place, character in enumerate(_STANDARD)},
    **_LETTERS,
    **_RADICALS,
}
"""Each old character with the one that stands for it today."""
TABLE = str.maketrans(dict(STANDARD))
