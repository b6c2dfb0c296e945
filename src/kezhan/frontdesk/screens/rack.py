"""房态图: every room of the house with its status, its guest and what is about to happen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from kezhan.core.statuses import GLYPHS, look
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.reservations import api as reservations

from ..choices import StayStatus
from ..models import Stay

TWO_CHARACTER_SURNAMES = frozenset(
    "欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 长孙 宇文 司徒 司空 令狐 "  # no-translate: names of families
    "东方 南宫 端木 轩辕 独孤 呼延 赫连 澹台 濮阳 淳于 单于 太史 申屠 钟离 "  # no-translate: names of families
    "闻人 鲜于 百里 东郭 西门 拓跋 万俟 宗政 完颜 公冶 太叔 仲孙 第五".split()  # no-translate: names of families
)
# Chips of the toolbar: key, code of the trade or "", words.
FILTERS = ("VI", "VC", "VD", "OC", "OD", "OOO", "OOS", "arriving", "leaving")
TWO_CHARACTER_SURNAMES = frozenset((
    "欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 长孙 宇文 司徒 司空 令狐 东方 南宫 端木 轩辕 独孤 "  # no-translate: names
    "呼延 赫连 澹台 濮阳 淳于 单于 太史 申屠 钟离 闻人 鲜于 百里 东郭 西门 拓跋 万俟 宗政 完颜 公冶 "  # no-translate: names
    "太叔 仲孙 第五"  # no-translate: names
).split())  # fmt: skip


class Tile(NamedTuple):
    """Everything a tile shows, and nothing else: the key of the cache."""

    number: str
    type_code: str
    code: str
    guest: str = ""
    nights_left: int = -1
    leaving: bool = False
    arriving: str = ""
    arrival_time: str = ""
    vip: bool = False
    do_not_disturb: bool = False
    closed_until: str = ""
    closed_for: str = ""
    task: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The chips this room counts for."""
        found = [self.code]
        if self.arriving:
            found.append("arriving")
        if self.leaving:
            found.append("leaving")
        return tuple(found)


def surname(name: str) -> str:
    """王* for 王小明, 欧阳* for 欧阳修文, Smith for John Smith: enough to recognise, too little to read over a shoulder."""
    name = name.strip()
    if not name:
        return "?"
    if name.isascii():
        return name.split()[-1]
    length = 2 if len(name) > 2 and name[:2] in TWO_CHARACTER_SURNAMES else 1
    return f"{name[:length]}*"


def tiles(place: Any, day: date) -> list[tuple[str, Tile]]:
    """(floor, tile) of every room in use, in order of floor and position. Five queries."""
    guests = _guests(place)
    arrivals = _arrivals(place, day)
    closures = _closures(place, day)
    tasks = dict(
        housekeeping.CleaningTask.objects.of(place)
        .filter(status__in=["PLANNED", "CLEANING", "CLEANED", "FAILED"])
        .values_list("room_id", "status")
    )
    rooms = hotel.Room.objects.of(place).in_use_on(day).order_by("floor", "position", "number")
    found = []
    for pk, number, floor, type_code, occupancy, cleanliness, quiet in rooms.values_list(
        "pk", "number", "floor", "room_type__code", "occupancy", "cleanliness", "do_not_disturb"
    ):
        name, leaves, importance = guests.get(pk, ("", None, 0))
        who, at = arrivals.get(pk, ("", None))
        kind, until, reason = closures.get(pk, ("", None, ""))
        code = hotel.status_code(occupancy, cleanliness)
        tile = Tile(
            number, type_code, kind or code,
            surname(name) if leaves else "", (leaves - day).days if leaves else -1,
            leaves is not None and leaves <= day,
            surname(who) if at is not None or who else "", f"{at:%H:%M}" if at else "",
            importance > 0, quiet, f"{until:%m-%d}" if until else "", reason, tasks.get(pk, ""),
        )  # fmt: skip
        found.append((floor, tile))
    return found


def _guests(place: Any) -> dict[int, tuple[str, date, int]]:
    rows = Stay.objects.of(place).filter(status=StayStatus.IN_HOUSE, guests__is_main=True)
    return {
        room_id: (name, leaves, importance)
        for room_id, name, leaves, importance in rows.values_list(
            "room_id", "guests__guest__name", "departure_date", "guests__guest__importance"
        )
    }


def _arrivals(place: Any, day: date) -> dict[int, tuple[str, Any]]:
    rows = reservations.RoomNight.objects.of(place).filter(
        date=day, use=reservations.NightUse.ALLOTMENT, booking_room__status="HELD"
    )
    return {
        room_id: (name or "?", at)
        for room_id, name, at in rows.values_list(
            "room_id", "booking_room__booking__guest__name", "booking_room__booking__arrival_time"
        )
    }


def _closures(place: Any, day: date) -> dict[int, tuple[str, date, str]]:
    rows = reservations.RoomNight.objects.of(place).filter(date=day, use=reservations.NightUse.CLOSURE)
    return {
        room_id: (kind, until, reason)
        for room_id, kind, until, reason in rows.values_list(
            "room_id", "closure__kind", "closure__ends_date", "closure__reason"
        )
    }


def counts(found: Iterable[tuple[str, Tile]]) -> dict[str, int]:
    tally = dict.fromkeys(FILTERS, 0)
    for _floor, tile in found:
        for key in tile.keys:
            tally[key] += 1
    return tally


def filter_word(key: str) -> Any:
    """What a chip says beside its code."""
    if key in hotel.STATUS_WORDS:
        return hotel.STATUS_WORDS[key]
    return {"OOO": _("维修房"), "OOS": _("停用房"), "arriving": _("预抵"), "leaving": _("预离")}[key]


def html(found: Iterable[tuple[str, Tile]], base: str, show: str = "") -> SafeString:
    """The floors with their tiles; `base` is the address that a room's number is added to."""
    language = get_language() or "zh-hans"
    floors: dict[str, list[str]] = {}
    for floor, tile in found:
        if not show or show in tile.keys:
            floors.setdefault(floor, []).append(_tile(tile, base, language))
    parts = []
    for n, (floor, drawn) in enumerate(floors.items()):
        title = escape(_("%(floor)s 楼") % {"floor": floor})
        parts.append(
            f'<section class="fd-floor" aria-labelledby="floor-{n}"><h2 id="floor-{n}">{title} '
            f'<small class="kz-quiet">{len(drawn)}</small></h2><ul class="fd-tiles">{"".join(drawn)}</ul></section>'
        )
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped where it is drawn


@lru_cache(maxsize=8192)
def _tile(tile: Tile, base: str, language: str) -> str:
    with override(language):
        return _draw(tile, base)


def _draw(tile: Tile, base: str) -> str:
    url = escape(f"{base}{tile.number}/")
    word = escape(filter_word(tile.code))
    lines = [
        f'<span class="fd-no">{escape(tile.number)} <small>{escape(tile.type_code)}</small></span>',
        f'<span class="fd-code"><b>{tile.code}</b> {word}{_glyph(tile.code)}</span>',
        f'<span class="fd-who">{_who(tile)}</span>',
    ]
    marks = _marks(tile)
    return (
        f'<li><a class="fd-tile fd-{tile.code}" href="{url}" hx-get="{url}" hx-target="#kz-sheet-body">'
        f'{"".join(lines)}<span class="fd-marks">{marks}</span></a></li>'
    )


def _glyph(code: str) -> str:
    tone = {"VI": "ok", "VC": "ok", "VD": "due", "OC": "busy", "OD": "due", "OOO": "bad", "OOS": "off"}[code]
    return f' <i aria-hidden="true">{GLYPHS[tone]}</i>'


def _who(tile: Tile) -> str:
    if tile.closed_until:
        words = _("至 %(day)s") % {"day": tile.closed_until}
        return f'<span title="{escape(tile.closed_for)}">{escape(words)} {escape(tile.closed_for)}</span>'
    if tile.guest:
        left = _("今离") if tile.leaving else _("余 %(nights)d 晚") % {"nights": tile.nights_left}
        return f"{escape(tile.guest)} {escape(left)}"
    return ""


def _marks(tile: Tile) -> str:
    parts = []
    if tile.leaving:
        words = escape(_("预离"))
        parts.append(f'<span class="fd-out"><i aria-hidden="true">←</i> {words}</span>')
    if tile.arriving:
        words = escape(" ".join(filter(None, [_("预抵"), tile.arrival_time, tile.arriving])))
        parts.append(f'<span class="fd-in"><i aria-hidden="true">→</i> {words}</span>')
    if tile.vip:
        words = escape(_("贵宾"))
        parts.append(f"<b>{words}</b>")
    if tile.do_not_disturb:
        words = escape(_("勿扰"))
        parts.append(f"<span>{words}</span>")
    if tile.task in ("CLEANING", "CLEANED", "FAILED"):
        words = escape(look("housekeeping.task", tile.task).label)
        parts.append(f"<span>{words}</span>")
    return " ".join(parts)
