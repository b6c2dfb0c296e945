"""远期: rooms by nights. A bar runs from the middle of the day of arrival to the middle of the day of departure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from kezhan.core.dates import ONE_DAY
from kezhan.core.templatetags.kezhan import weekday
from kezhan.hotel import api as hotel
from kezhan.reservations import api as reservations

DAYS = 30
HALF = 1  # a bar begins and ends in the middle of a cell


class Bar(NamedTuple):
    """One booked room in one door: `first` and `nights` in cells of the window; a cut end goes on outside of it."""

    first: int
    nights: int
    cut_left: bool
    cut_right: bool
    kind: str
    name: str
    number: str
    position: int
    conflict: str
    ends: str


class Label(NamedTuple):
    number: str
    type_code: str
    code: str


@dataclass(frozen=True)
class TypeBand:
    """A room type: what is left to sell and what has no door yet, for each day of the window."""

    code: str
    name: str
    left: list[int | None]
    unassigned: list[int]
    rooms: int


@dataclass(frozen=True)
class Day:
    date: date
    weekday: str
    weekend: bool
    today: bool
    sold: int
    available: int

    @property
    def occupancy(self) -> int | None:
        return round(100 * self.sold / self.available) if self.available else None


@dataclass(frozen=True)
class Chart:
    """What the page shows. `rows` are drawn already, by type."""

    days: list[Day]
    bands: list[tuple[TypeBand, SafeString, SafeString]]
    bars: int
    conflicts: int
    unassigned: int


def chart(place: Any, start: date, today: date, base: str, days: int = DAYS) -> Chart:
    """All rooms and everything in them for [start, start + days). Five queries."""
    end = start + timedelta(days=days)
    language = get_language() or "zh-hans"
    bars = _bars(place, start, end, today)
    inventory = _inventory(place, start, days)
    types = (
        hotel.RoomType.objects.of(place)
        .order_by("position", "code")
        .values_list("pk", "code", "name", "name_en")
    )
    by_type: dict[int, list[str]] = defaultdict(list)
    taken: dict[int, list[int]] = defaultdict(lambda: [0] * days)
    for pk, type_id, label in _rooms(place, start):
        own = bars.get(pk, ())
        for bar in own:
            if bar.kind != "closed":
                counts = taken[type_id]
                for n in range(bar.first, bar.first + bar.nights):
                    counts[n] += 1
        by_type[type_id].append(_row(label, tuple(own), base, days, language))
    bands = []
    for pk, code, name, name_en in types:
        sold, capacity = inventory.get(pk, (None, None)) or (None, None)
        if not by_type[pk] and sold is None:
            continue
        words = name_en if language.startswith("en") and name_en else name
        band = TypeBand(
            code, words,
            [c - s if c is not None and s is not None else None for s, c in zip(sold or [], capacity or [], strict=True)],
            [max((s or 0) - t, 0) for s, t in zip(sold or [0] * days, taken[pk], strict=True)], len(by_type[pk]),
        )  # fmt: skip
        bands.append((band, mark_safe(_lane(band, base, start)), mark_safe("".join(by_type[pk]))))  # noqa: S308
    flat = [bar for own in bars.values() for bar in own]
    return Chart(
        _days(start, days, today, inventory), bands, sum(bar.kind != "closed" for bar in flat),
        sum(bool(bar.conflict) for bar in flat), sum(sum(band.unassigned) for band, _lane_, _rows in bands),
    )  # fmt: skip


def _rooms(place: Any, start: date) -> Iterable[tuple[int, int, Label]]:
    rows = (
        hotel.Room.objects.of(place)
        .in_use_on(start)
        .order_by("room_type__position", "floor", "position", "number")
    )
    for pk, type_id, number, type_code, occupancy, cleanliness in rows.values_list(
        "pk", "room_type_id", "number", "room_type__code", "occupancy", "cleanliness"
    ):
        yield pk, type_id, Label(number, type_code, hotel.status_code(occupancy, cleanliness))


# ---------------------------------------------------------------- what is in the rooms


def _bars(place: Any, start: date, end: date, today: date) -> dict[int, list[Bar]]:
    """Bars by room, in order of time."""
    nights = reservations.RoomNight.objects.of(place).filter(date__gte=start, date__lt=end)
    runs = list(
        nights.exclude(use="CLOSURE")
        .values_list("room_id", "booking_room_id")
        .annotate(first=Min("date"), last=Max("date"), nights=Count("pk"))
        .order_by("room_id", "first")
    )
    who = _who(place, start, end)
    given: dict[int, int] = defaultdict(int)
    for _room, booked, _first, _last, count in runs:
        given[booked] += count
    found: dict[int, list[Bar]] = defaultdict(list)
    for room_id, booked, first, last, _count in runs:
        facts = who.get(booked)
        if facts is not None:
            found[room_id].append(_bar(facts, first, last, given[booked], start, end, today))
    for room_id, kind, first, last, reason in (
        nights.filter(use="CLOSURE")
        .order_by()
        .values("room_id", "closure_id", "closure__kind", "closure__reason")
        .annotate(first=Min("date"), last=Max("date"))
        .values_list("room_id", "closure__kind", "first", "last", "closure__reason")
    ):
        cells = (last - first).days + 1
        found[room_id].append(
            Bar(
                (first - start).days,
                cells,
                False,
                False,
                "closed",
                f"{kind} {reason}",
                "",
                0,
                "",
                f"{last + ONE_DAY:%m-%d}",
            )
        )
    return found


class Facts(NamedTuple):
    number: str
    position: int
    name: str
    status: str
    arrival: date
    departure: date


def _who(place: Any, start: date, end: date) -> dict[int, Facts]:
    """The booked rooms of the window."""
    rows = (
        reservations.BookingRoom.objects.of(place)
        .filter(status__in=["HELD", "IN_HOUSE", "DEPARTED"], arrival_date__lt=end, departure_date__gt=start)
        .values_list(
            "pk",
            "booking__number",
            "position",
            "booking__guest__name",
            "status",
            "arrival_date",
            "departure_date",
        )
    )
    return {row[0]: Facts(*row[1:]) for row in rows}


def _bar(facts: Facts, first: date, last: date, given: int, start: date, end: date, today: date) -> Bar:
    kind = {"HELD": "due", "IN_HOUSE": "here", "DEPARTED": "gone"}[facts.status]
    return Bar(
        (first - start).days, (last - first).days + 1, first == start and facts.arrival < start,
        last + ONE_DAY == end and facts.departure > end, kind, facts.name or "?", facts.number, facts.position,
        _conflict(facts, given, start, end, today), f"{facts.departure:%m-%d}",
    )  # fmt: skip


def _conflict(facts: Facts, given: int, start: date, end: date, today: date) -> str:
    """What is wrong with a bar, as a key; "" when nothing is."""
    if facts.status == "IN_HOUSE" and facts.departure < today:
        return "overstay"
    if facts.status == "HELD" and facts.arrival < today:
        return "overdue"
    if facts.status in ("HELD", "IN_HOUSE"):
        wanted = (min(facts.departure, end) - max(facts.arrival, start)).days
        if given < wanted:
            return "gap"
    return ""


def _inventory(place: Any, start: date, days: int) -> dict[int, tuple[list[int | None], list[int | None]]]:
    """(sold, sellable) of each type by day; None where the night is not open."""
    found: dict[int, tuple[list[int | None], list[int | None]]] = {}
    rows = reservations.RoomTypeNight.objects.of(place).filter(
        date__gte=start, date__lt=start + timedelta(days=days)
    )
    for type_id, day, capacity, closed, blocked, sold in rows.values_list(
        "room_type_id", "date", "capacity", "out_of_order", "blocked", "sold"
    ):
        if type_id not in found:
            found[type_id] = ([None] * days, [None] * days)
        n = (day - start).days
        found[type_id][0][n], found[type_id][1][n] = sold, capacity - closed - blocked
    return found


def _days(start: date, days: int, today: date, inventory: dict[int, Any]) -> list[Day]:
    found = []
    for n in range(days):
        day = start + timedelta(days=n)
        sold = sum(line[0][n] or 0 for line in inventory.values())
        available = sum(line[1][n] or 0 for line in inventory.values())
        found.append(Day(day, weekday(day), day.weekday() in (4, 5), day == today, sold, available))
    return found


# ---------------------------------------------------------------- drawing


@lru_cache(maxsize=8192)
def _row(label: Label, bars: tuple[Bar, ...], base: str, days: int, language: str) -> str:
    with override(language):
        drawn = "".join(_draw(bar, base, days) for bar in bars)
        number = escape(label.number)
        return (
            f'<div class="fd-row"><a class="fd-label" href="{escape(base)}rooms/{number}/" '
            f'hx-get="{escape(base)}rooms/{number}/" hx-target="#kz-sheet-body"><b>{number}</b> '
            f"<small>{label.code}</small></a>{drawn}</div>"
        )


def _draw(bar: Bar, base: str, days: int) -> str:
    """Columns: 1 is the label, cell n is column n + 2; the bar reaches into the cell of the day of leaving."""
    reach = 0 if bar.kind == "closed" else HALF
    cells = min(bar.nights + reach, days - bar.first)
    classes = [f"d{bar.first}", f"n{cells}", f"fd-bar-{bar.kind}"]
    if bar.cut_left:
        classes.append("is-cut-left")
    if bar.cut_right or bar.nights + reach > days - bar.first:
        classes.append("is-cut-right")
    if bar.kind == "closed":
        name = escape(bar.name)
        return f'<span class="fd-bar {" ".join(classes)}" title="{name}">{name}</span>'
    words = _words(bar)
    if bar.conflict:
        classes.append("is-conflict")
    mark = '<i aria-hidden="true">✕</i> ' if bar.conflict else ""
    url = f"{escape(base)}booked/{escape(bar.number)}/{bar.position}/"
    return (
        f'<button type="button" class="fd-bar {" ".join(classes)}" hx-get="{url}" hx-target="#kz-sheet-body" '
        f'title="{escape(words)}">{mark}{escape(bar.name)}</button>'
    )


def _words(bar: Bar) -> str:
    kind = {"due": _("预抵"), "here": _("在住"), "gone": _("已离店")}[bar.kind]
    wrong = {
        "": "",
        "overstay": _("冲突：应离未离"),
        "overdue": _("冲突：应到未到"),
        "gap": _("冲突：有的晚上没有房间"),
    }[bar.conflict]
    return " · ".join(filter(None, [bar.name, kind, _("至 %(day)s") % {"day": bar.ends}, wrong]))


def _lane(band: TypeBand, base: str, start: date) -> str:
    """What is left and what has no door, for each day; a number with guests behind it is a button."""
    cells = []
    for n, (left, without) in enumerate(
        zip(band.left or [None] * len(band.unassigned), band.unassigned, strict=True)
    ):
        day = start + timedelta(days=n)
        text = "·" if left is None else str(left)
        classes = "fd-left is-negative" if left is not None and left < 0 else "fd-left"
        lane = ""
        if without:
            url = f"{escape(base)}unassigned/{escape(band.code)}/{day:%Y-%m-%d}/"
            words = escape(_("未排房 %(count)d") % {"count": without})
            lane = (
                f'<button type="button" class="fd-unassigned" hx-get="{url}" hx-target="#kz-sheet-body" '
                f'title="{words}" aria-label="{day:%m-%d} {words}">{without}</button>'
            )
        cells.append(f'<span class="fd-cell d{n}"><span class="{classes}">{text}</span>{lane}</span>')
    return "".join(cells)
