"""How a name is typed by someone in a hurry: whole pinyin and its initials, with the readings that surnames have."""
# no-translate-file: a table of surnames is data

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# Characters that are read otherwise at the head of a name than in a sentence.
_TWO = {
    "万俟": "mo qi", "尉迟": "yu chi", "单于": "chan yu", "澹台": "tan tai", "长孙": "zhang sun", "宰父": "zai fu",
    "亓官": "qi guan", "令狐": "ling hu", "鲜于": "xian yu", "乐正": "yue zheng", "皇甫": "huang fu", "夏侯": "xia hou",
    "谷梁": "gu liang", "濮阳": "pu yang", "仉督": "zhang du", "曾子": "zeng zi",
}  # fmt: skip
_ONE = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "区": "ou", "朴": "piao", "华": "hua",
    "尉": "wei", "盖": "ge", "纪": "ji", "缪": "miao", "宓": "mi", "翟": "zhai", "冼": "xian", "员": "yun",
    "乐": "yue", "覃": "qin", "召": "shao", "折": "she", "种": "chong", "秘": "bi", "黑": "he", "繁": "po",
    "逄": "pang", "佴": "nai", "祭": "zhai", "能": "nai", "幺": "yao", "句": "gou", "阚": "kan", "隗": "wei",
    "宁": "ning", "柏": "bai", "谌": "chen", "莘": "shen", "车": "che", "盛": "sheng", "都": "du", "郗": "xi",
    "粘": "nian", "撒": "sa", "洗": "xian", "牟": "mu", "薄": "bo", "葛": "ge", "呙": "guo", "晁": "chao",
    "郇": "xun", "阿": "a", "应": "ying", "於": "yu", "藏": "zang", "行": "xing", "占": "zhan", "干": "gan",
    "术": "zhu", "长": "chang", "朝": "chao", "强": "qiang", "万": "wan",
}  # fmt: skip


class Spelling(NamedTuple):
    """`whole` is written together, `initials` has the first letter of each syllable or word."""

    whole: str
    initials: str


def spelling(name: str) -> Spelling:
    """王小明 → ("wangxiaoming", "wxm"); 单雄信 → ("shanxiongxin", "sxx"); John Smith → ("johnsmith", "js")."""
    words = [word for word in re.split(r"[^a-z0-9]+", " ".join(_syllables(name)).lower()) if word]
    return Spelling("".join(words)[:160], "".join(word[0] for word in words)[:40])


def _syllables(name: str) -> list[str]:
    for table, length in ((_TWO, 2), (_ONE, 1)):
        surname = name[:length]
        if surname in table and len(name) > length:
            return [table[surname], *_read(name[length:])]
    return _read(name)


@lru_cache(maxsize=4096)
def _cached(text: str) -> tuple[str, ...]:
    # Imported late: its dictionary takes a third of a second, which no page should wait for at start.
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(text))


def _read(text: str) -> list[str]:
    return list(_cached(text)) if text else []
