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


def sheet(seed: int, grids: int) -> bytes:
    """The county's areas in the form of the statistical office's sheets; its codes belong to no real place."""
    source = Random(seed)
    rows = ["code,name,parent_code,level", "99,示范省,,1", "9901,示范市,99,2", "990101,青溪县,9901,3"]
    villages = village_names(source)
    of_each = spread(grids, len(villages), source)
    for number, (name, count) in enumerate(TOWNSHIPS, 1):
        town = f"990101{number:03d}"
        rows.append(f"{town},{name},990101,4")
        for inner in range(1, count + 1):
            code = f"{town}{inner:03d}"
            rows.append(f"{code},{villages.pop(0)},{town},5")
            rows += [f"{code}{n:03d},{grid_name(n)},{code},6" for n in range(1, of_each.pop(0) + 1)]
    return "\n".join(rows).encode()


def spread(total: int, parts: int, source: Random) -> list[int]:
    """So many into so many parts, none empty."""
    counts = [1] * parts
    for _ in range(total - parts):
        counts[source.randrange(parts)] += 1
    return counts
