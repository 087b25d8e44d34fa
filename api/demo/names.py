"""Invented names: of a county's townships and villages, and of people."""

from __future__ import annotations

from random import Random

TOWNSHIPS = (
    ("城关街道", 22),
    ("东山街道", 15),
    ("白水镇", 18),
    ("石桥镇", 16),
    ("桃源镇", 15),
    ("云岭镇", 14),
    ("枫林镇", 13),
    ("双河镇", 12),
    ("竹溪乡", 11),
    ("高坪乡", 10),
    ("青溪经济开发区", 9),
)
"""11 units and 155 villages; one of the units is neither a town nor a street."""
FIRST = "金银龙凤松柏梅兰竹菊红青白黄长永新大小上"
SECOND = "山河湖泉溪湾坪岭坡沟桥庙店塘堰冲垭坝洲港"
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英建国志红梅兰云海波"


def village_names(source: Random) -> list[str]:
    pairs = [first + second for first in FIRST for second in SECOND]
    source.shuffle(pairs)
    kinds = ("村", "村", "村", "社区")
    return [pair + source.choice(kinds) for pair in pairs[: sum(count for _, count in TOWNSHIPS)]]


def grid_name(number: int) -> str:
    return f"第{number}网格"


def person_name(source: Random) -> str:
    return source.choice(FAMILY) + "".join(source.choice(GIVEN) for _ in range(source.choice((1, 2))))
