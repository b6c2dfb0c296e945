"""What the demo hotel is made of. Every person is invented; no telephone number here is in use by anybody we know."""

# no-translate-file: rows of an invented Chinese hotel

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

GROUP = ("qingshi", "青石客栈集团", "Bluestone Inns")
HOUSE = {
    "code": "qingshi-lane",
    "name": "青石巷客栈",
    "name_en": "Bluestone Lane Inn",
    "address": "示例市古城区青石巷 18 号",
    "address_en": "18 Bluestone Lane, Old Town, Sample City",
    "telephone": "0000-8800188",
}


class Staff(NamedTuple):
    username: str
    name: str
    name_en: str
    department: str
    post: str
    role: str


STAFF = [
    Staff("admin", "沈知远", "Shen Zhiyuan", "HO", "ADMIN", "系统管理员 administrator"),
    Staff("manager", "顾晓岚", "Gu Xiaolan", "EO", "DM", "值班经理 duty manager"),
    Staff("desk", "林小满", "Lin Xiaoman", "FO", "FOA", "前台接待 front desk"),
    Staff("desk2", "许家宁", "Xu Jianing", "FO", "FOA", "前台接待 front desk"),
    Staff("booking", "周子衿", "Zhou Zijin", "RES", "RSV", "预订专员 reservations"),
    Staff("attendant", "何秀兰", "He Xiulan", "HK", "HKA", "客房服务员 attendant"),
    Staff("inspector", "唐素云", "Tang Suyun", "HK", "HKS", "客房领班 inspector"),
    Staff("finance", "陆明", "Lu Ming", "FIN", "ACC", "财务 finance"),
    Staff("auditor", "程望", "Cheng Wang", "FIN", "AUD", "稽核员 auditor"),
]


class Kind(NamedTuple):
    code: str
    name: str
    name_en: str
    bed: str
    adults: int
    guests: int
    price: int


KINDS = [
    Kind("STW", "标准双床房", "Standard twin", "1.2 米床 × 2", 2, 3, 388),
    Kind("DKG", "豪华大床房", "Deluxe king", "1.8 米床", 2, 3, 468),
    Kind("FAM", "亲子家庭房", "Family room", "1.8 米床 + 1.2 米床", 3, 4, 598),
    Kind("STE", "庭院套房", "Courtyard suite", "2 米床", 2, 4, 888),
    Kind("ACC", "无障碍房", "Accessible room", "1.5 米床", 2, 2, 368),
]
# Type by the last two digits of the room number, the same on every floor.
LAYOUT = {
    **dict.fromkeys(range(1, 6), "STW"),
    **dict.fromkeys(range(6, 10), "DKG"),
    10: "FAM",
    11: "FAM",
    12: "STE",
}
FLOORS = ("2", "3", "4", "5", "6")
ACCESSIBLE_ROOMS = {"201", "301"}
WEEKEND_EXTRA = Decimal(60)


class PlanWords(NamedTuple):
    code: str
    name: str
    name_en: str
    kind: str
    percent: int
    breakfasts: int
    members_only: bool
    public: bool


PLANS = [
    PlanWords("RACK", "门市价", "Rack rate", "RACK", 100, 0, False, True),
    PlanWords("BAR-BF", "含双早价", "Best rate with breakfast", "PACKAGE", 108, 2, False, True),
    PlanWords("MEM", "会员价", "Member rate", "MEMBER", 90, 1, True, False),
    PlanWords("CORP", "协议价", "Corporate rate", "CORPORATE", 85, 1, False, False),
    PlanWords("OTA", "订房网站价", "Online agent rate", "OTA", 95, 0, False, True),
]
CODES = {
    "MARKET": [("FIT", "散客", "Individual"), ("MBR", "会员", "Member"), ("COR", "协议公司", "Corporate"),
               ("OTA", "订房网站", "Online agent"), ("GRP", "团队", "Group"), ("HSE", "自用", "House use")],
    "SOURCE": [("DESK", "前台", "Front desk"), ("PHONE", "电话", "Telephone"), ("WEB", "官网", "Own website"),
               ("SITE-A", "订房网站甲", "Booking site A"), ("SALES", "协议销售", "Sales")],
    "CHANNEL": [("DIRECT", "直接", "Direct"), ("WALKIN", "上门", "Walk-in"), ("WECHAT", "微信", "WeChat"),
                ("OTA", "订房网站", "Online agent")],
}  # fmt: skip
# (market, source, channel, plan), drawn with these weights.
WAYS = [
    (("FIT", "PHONE", "DIRECT", "RACK"), 4),
    (("FIT", "WEB", "DIRECT", "BAR-BF"), 4),
    (("OTA", "SITE-A", "OTA", "OTA"), 6),
    (("COR", "SALES", "DIRECT", "CORP"), 3),
    (("FIT", "DESK", "WECHAT", "RACK"), 2),
]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
GIVEN = (
    "雨桐 子涵 思远 静怡 浩然 梓萱 明轩 晓彤 建国 秀英 志强 丽华 文博 佳怡 俊杰 雅琴 国栋 美玲 嘉懿 若曦 天佑 "
    "书瑶 景行 云舒 知夏 望舒 怀瑾 清越 亦凡 语嫣"
).split()
WISHES = ["高楼层，安静", "两张床靠近些", "需要婴儿床", "低楼层，行动不便", "枕头要荞麦的", "不要靠电梯", ""]
EXTRAS = [
    ("MINIBAR", "18.00", "矿泉水与小食"),
    ("LAUNDRY", "45.00", "衬衫两件"),
    ("RESTAURANT", "126.00", "晚餐"),
]
