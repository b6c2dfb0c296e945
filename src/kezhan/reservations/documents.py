"""The voucher on paper, from what the guest was told: the stored content of one version, not from today's rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kezhan.core.pdf import Col, Paper
from kezhan.core.templatetags.kezhan import day as day_words
from kezhan.core.templatetags.kezhan import moment, money

from .models import Voucher


def voucher_lines(voucher: Voucher) -> list[dict[str, Any]]:
    """The rooms of a voucher in the reader's language, with dates and amounts as such."""
    return [
        {
            "room_type": _in_language(room, "room_type"),
            "rate_plan": _in_language(room, "rate_plan"),
            "breakfasts": room["breakfasts"],
            "adults": room["adults"],
            "children": room["children"],
            "day_use": room["day_use"],
            "nights": [(date.fromisoformat(day), Decimal(price)) for day, price in room["nights"]],
            "total": Decimal(room["total"]),
        }
        for room in voucher.content["rooms"]
    ]


def _in_language(room: dict[str, Any], name: str) -> str:
    english = room.get(f"{name}_en", "")
    return english if english and (get_language() or "").startswith("en") else room[name]


def terms_words(terms: dict[str, str], place: Any) -> list[str]:
    """The cancellation rule in sentences."""
    words = []
    if terms["free_until"]:
        until = moment(datetime.fromisoformat(terms["free_until"]), place)
        words.append(_("%(until)s 之前可免费取消。") % {"until": until})
    else:
        words.append(_("这个预订离到店太近，没有免费取消的时间。"))
    words.append(
        _("此后至 %(held)s 取消，退首晚房费的 %(percent)s%%；再晚取消或未到店，首晚不退，其余各晚全退。")
        % {
            "held": moment(datetime.fromisoformat(terms["held_until"]), place),
            "percent": f"{Decimal(terms['percent']):f}".removesuffix(".00"),
        }
    )
    return words


def voucher_pdf(voucher: Voucher, *, link: str, printed: str) -> bytes:
    """A4 with number, stay, price of each night, terms, and a QR code that opens the guest's page."""
    place, content = voucher.property, voucher.content
    english = (get_language() or "").startswith("en")
    paper = Paper(
        house=place, title=_("预订凭证"), number=content["number"], printed=printed, english=english
    )
    arrival, departure = date.fromisoformat(content["arrival"]), date.fromisoformat(content["departure"])
    paper.facts(
        [
            (_("客人"), content["guest"]),
            (_("预订号"), content["number"]),
            (_("到店"), f"{day_words(arrival, 'year')} {content['arrival_time']}".strip()),
            (_("离店"), day_words(departure, "year")),
            (_("晚数"), (departure - arrival).days),
            (_("房间数"), len(content["rooms"])),
        ]
    )
    for index, room in enumerate(voucher_lines(voucher), start=1):
        paper.heading(f"{index}. {room['room_type']} · {room['rate_plan']}")
        paper.table(
            [Col(_("日期"), 2), Col(_("房价（含税）"), 1, "right")],
            [[day_words(day, "year"), money(price, content["currency"])] for day, price in room["nights"]]
            or [[_("日用房"), money(room["total"], content["currency"])]],
        )
    paper.totals([(_("合计"), money(Decimal(content["total"]), content["currency"]))])
    if content["wishes"]:
        paper.facts([(_("特别要求"), content["wishes"])], columns=1)
    paper.heading(_("取消规定"))
    for words in terms_words(content["terms"], place):
        paper.text(words)
    paper.heading(_("到店须知"))
    paper.text(_("每位入住客人（包括未成年人）都要出示有效身份证件。"))
    paper.qr(link, _("扫码查看这份凭证"))
    return paper.build()
