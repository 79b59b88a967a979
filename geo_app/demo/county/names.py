"""Invented names in proper Chinese form: towns, villages, streets, estates, people. No list is that of a real county."""

from __future__ import annotations

from itertools import product

import numpy as np

TOWN_FIRST = "云柳石松竹荷枫桐菱芦苇莲桂槐榆杏梅双九金银玉长平安和兴清明丰"
TOWN_LAST = "汀渚屏埠塘桥店集岗陂渡坝墩坊铺亭泉湾"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
VILLAGE_LAST = ("庄", "圩", "郢", "湾", "岗", "冲", "塘", "坝", "墩", "咀", "洼", "套", "桥", "铺", "楼", "井")
VILLAGE_FIRST = ("", "大", "小", "上", "下", "东", "西", "前", "后", "老")
STREET_FIRST = (
    "人民", "中心", "文昌", "和平", "建设", "新华", "解放", "胜利", "团结", "幸福", "振兴", "迎宾", "滨河", "学府", "朝阳",
    "光明", "兴业", "富民", "康宁", "锦绣", "青年", "育才", "环城", "站前", "东城", "西苑", "南园", "北辰", "翠竹", "紫薇",
    "银杏", "海棠", "丹桂", "玉兰", "梧桐", "芙蓉", "采石", "望江", "临湖", "观澜", "清风", "明月", "仁和", "崇文", "尚德",
    "崇德", "聚贤", "怀远", "镇淮", "安澜",
)  # fmt: skip
RIVERS = ("青汀河", "石浦河", "芦湾河", "柳陂河", "枫溪河", "荷埠河")
SIDES = ("", "东", "西", "南", "北")
ESTATE_FIRST = (
    "锦绣", "翠湖", "阳光", "金色", "碧水", "书香", "紫云", "华庭", "景泰", "东方", "滨江", "御景", "怡和", "百合", "香樟",
    "丽景", "盛世", "龙腾", "春晓", "和顺", "天润", "蓝湾", "悦府", "馨悦", "名仕", "凤凰", "星河", "文锦", "秀水", "泰和",
)  # fmt: skip
ESTATE_LAST = ("花园", "家园", "苑", "新村", "小区", "华府", "名城", "公馆", "里", "雅居")
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建国玉兰文志海燕红梅云飞鹏宇浩欣怡子涵梓轩雨桐思远佳琪立群晓岚振东春生"


def towns(generator: np.random.Generator, count: int) -> list[str]:
    """Names of towns without their 镇; no two share their first character while there are enough."""
    firsts = [TOWN_FIRST[at] for at in generator.permutation(len(TOWN_FIRST))]
    lasts = [TOWN_LAST[at] for at in generator.permutation(len(TOWN_LAST))]
    made = [first + lasts[(at + turn) % len(lasts)] for turn in range(len(lasts)) for at, first in enumerate(firsts)]
    return _first(made, count)


def rivers(generator: np.random.Generator, count: int) -> list[str]:
    """Names of rivers."""
    return [RIVERS[at % len(RIVERS)] for at in generator.permutation(len(RIVERS))[:count]]


def villages(generator: np.random.Generator, count: int) -> list[str]:
    """Names of villages without their 村; the plain ones first."""
    plain = [surname + last for surname, last in product(SURNAMES, VILLAGE_LAST)]
    more = [first + name for first, name in product(VILLAGE_FIRST[1:], plain)]
    return _first([*_shuffled(generator, plain), *_shuffled(generator, more)], count)


def streets(generator: np.random.Generator, count: int) -> list[str]:
    """Names of a town's streets without their 路, no two alike."""
    plain = _shuffled(generator, list(STREET_FIRST))
    more = [name + side for side in SIDES[1:] for name in plain]
    return _first([*plain, *more], count)


def estates(generator: np.random.Generator, count: int) -> list[str]:
    """Names of residential estates (小区)."""
    return _first(_shuffled(generator, [a + b for a, b in product(ESTATE_FIRST, ESTATE_LAST)]), count)


def people(generator: np.random.Generator, count: int) -> np.ndarray:
    """Names of people; they may repeat, as people's do."""
    surnames, given = np.array(list(SURNAMES)), np.array(list(GIVEN))
    # A few surnames are most people's.
    share = 1 / np.arange(1, len(surnames) + 1) ** 0.8
    first = generator.choice(surnames, count, p=share / share.sum())
    second = np.where(generator.random(count) < 0.7, generator.choice(given, count), "")
    return np.char.add(np.char.add(first, second), generator.choice(given, count))


def _shuffled(generator: np.random.Generator, names: list[str]) -> list[str]:
    return [names[at] for at in generator.permutation(len(names))]


def _first(names: list[str], count: int) -> list[str]:
    """As many as are asked for; where they run out the same again with a number, as new settlements get one."""
    again = -(-count // len(names))
    numbers = ("", "二", "三", "四", "五", "六", "七", "八", "九", "十")
    return [name + (numbers[turn] if turn < 10 else str(turn)) for turn in range(again) for name in names][:count]
