"""What a new house starts with. A hotel renames and adds; nothing here is looked up by name."""

# no-translate-file: the first rows of a hotel, in both languages as it would write them itself

from __future__ import annotations

from typing import NamedTuple

from .choices import CodeAxis


class StartingCode(NamedTuple):
    axis: CodeAxis
    code: str
    name: str
    name_en: str


STARTING_PLAN = ("RACK", "门市价", "Rack rate")
STARTING_CODES = [
    StartingCode(CodeAxis.MARKET, "FIT", "散客", "Individual"),
    StartingCode(CodeAxis.MARKET, "MBR", "会员", "Member"),
    StartingCode(CodeAxis.MARKET, "COR", "协议公司", "Corporate"),
    StartingCode(CodeAxis.MARKET, "OTA", "订房网站", "Online agent"),
    StartingCode(CodeAxis.MARKET, "GRP", "团队", "Group"),
    StartingCode(CodeAxis.SOURCE, "DESK", "前台", "Front desk"),
    StartingCode(CodeAxis.SOURCE, "PHONE", "电话", "Telephone"),
    StartingCode(CodeAxis.SOURCE, "WEB", "网络", "Web"),
    StartingCode(CodeAxis.CHANNEL, "DIRECT", "直接", "Direct"),
    StartingCode(CodeAxis.CHANNEL, "WALKIN", "上门", "Walk-in"),
    StartingCode(CodeAxis.CHANNEL, "OTA", "订房网站", "Online agent"),
]
