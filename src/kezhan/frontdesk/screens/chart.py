"""远期: rooms by nights. A bar runs from the middle of the day of arrival to the middle of the day of departure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Max, Min
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from kezhan.core.dates import ONE_DAY
from kezhan.core.templatetags.kezhan import weekday
from kezhan.hotel import api as hotel
from kezhan.reservations import api as reservations

from .chart_rows import Run, runs_by_room

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


class Window(NamedTuple):
    """The nights [start, end) shown, and the business date."""

    start: date
    end: date
    today: date
    days: int


class Row(NamedTuple):
    """A drawn row with its figures: which cells are taken, how many bars, how many of them conflict."""

    html: str
    taken: tuple[int, ...]
    bars: int
    conflicts: int


class TypeBand(NamedTuple):
    """A room type: what is left to sell and what has no door yet, for each day of the window."""

    pk: int
    code: str
    name: str
    left: tuple[int | None, ...]
    unassigned: tuple[int, ...]
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
    """All rooms and everything in them for [start, start + days). Six queries."""
    language = get_language() or "zh-hans"
    window = Window(start, start + timedelta(days=days), today, days)
    runs = runs_by_room(place.pk, start, window.end)
    closures = _closures(place, start, window.end)
    inventory = _inventory(place, start, days)
    by_type: dict[int, list[Row]] = defaultdict(list)
    for pk, type_id, label in _rooms(place, start):
        row = _row(label, tuple(runs.get(pk, ())), tuple(closures.get(pk, ())), window, base, language)
        by_type[type_id].append(row)
    bands = [
        (band, _safe(_lane(band, base, start, language)), _safe(*(row.html for row in by_type[band.pk])))
        for band in _bands(place, by_type, inventory, days, language)
    ]
    rows = [row for own in by_type.values() for row in own]
    return Chart(
        _days(start, days, today, inventory),
        bands,
        sum(row.bars for row in rows),
        sum(row.conflicts for row in rows),
        sum(sum(band.unassigned) for band, _lane_html, _rows in bands),
    )


def _safe(*drawn: str) -> SafeString:
    """What this module has drawn: every part was escaped where it was put in."""
    return mark_safe("".join(drawn))  # noqa: S308


def _bands(
    place: Any, by_type: dict[int, list[Row]], inventory: dict[int, Any], days: int, language: str
) -> Iterable[TypeBand]:
    types = hotel.RoomType.objects.of(place).order_by("position", "code")
    for pk, code, name, name_en in types.values_list("pk", "code", "name", "name_en"):
        rows = by_type[pk]
        if not rows and pk not in inventory:
            continue
        sold, sellable = inventory.get(pk) or ([None] * days, [None] * days)
        taken = [sum(cell) for cell in zip(*(row.taken for row in rows), strict=True)] or [0] * days
        yield TypeBand(
            pk=pk,
            code=code,
            name=name_en if language.startswith("en") and name_en else name,
            left=tuple(None if s is None else c - s for s, c in zip(sold, sellable, strict=True)),
            unassigned=tuple(max((s or 0) - t, 0) for s, t in zip(sold, taken, strict=True)),
            rooms=len(rows),
        )


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


Closed = tuple[str, int, int]


def _closures(place: Any, start: date, end: date) -> dict[int, list[Closed]]:
    """Closed doors of the window: words, first cell, cells."""
    rows = (
        reservations.RoomNight.objects.of(place)
        .filter(date__gte=start, date__lt=end, closure__starts_date__lt=end, closure__ends_date__gt=start)
        .order_by()
        .values("room_id", "closure_id", "closure__kind", "closure__reason")
        .annotate(first=Min("date"), last=Max("date"))
        .values_list("room_id", "closure__kind", "closure__reason", "first", "last")
    )
    found: dict[int, list[Closed]] = {}
    for room_id, kind, reason, first, last in rows:
        found.setdefault(room_id, []).append(
            (f"{kind} {reason}", (first - start).days, (last - first).days + 1)
        )
    return found


def _bars(runs: tuple[Run, ...], closed: tuple[Closed, ...], window: Window) -> list[Bar]:
    bars = [_bar(run, window) for run in runs]
    bars += [
        Bar(first, cells, False, False, "closed", words, "", 0, "", "") for words, first, cells in closed
    ]
    return sorted((bar for bar in bars if bar is not None), key=lambda bar: bar.first)


def _bar(run: Run, window: Window) -> Bar | None:
    """A bar cut at the window. Guests who leave on its first day keep half a cell; nights before it alone are no bar."""
    (_key, number, position, name, status, came, leaves), first, last, given = run
    arrival, departure = date.fromisoformat(came), date.fromisoformat(leaves)
    if last == 0 and departure != window.start:
        return None
    shown = max(first, 1)
    return Bar(
        first=shown - 1,
        nights=last - shown + 1,
        cut_left=first == 0,
        cut_right=last == window.days and departure > window.end,
        kind={"HELD": "due", "IN_HOUSE": "here", "DEPARTED": "gone"}[status],
        name=name or "?",
        number=number,
        position=position,
        conflict=_conflict(status, arrival, departure, given, window),
        ends=f"{departure:%m-%d}",
    )


def _conflict(status: str, arrival: date, departure: date, given: int, window: Window) -> str:
    """What is wrong with a bar, as a key; "" when nothing is."""
    if status == "IN_HOUSE" and departure < window.today:
        return "overstay"
    if status == "HELD" and arrival < window.today:
        return "overdue"
    if status in ("HELD", "IN_HOUSE"):
        wanted = (min(departure, window.end) - max(arrival, window.start - ONE_DAY)).days
        return "gap" if given < wanted else ""
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
def _row(
    label: Label, runs: tuple[Run, ...], closed: tuple[Closed, ...], window: Window, base: str, language: str
) -> Row:
    bars = _bars(runs, closed, window)
    taken = [0] * window.days
    for bar in bars:
        if bar.kind != "closed":
            for n in range(bar.first, bar.first + bar.nights):
                taken[n] += 1
    with override(language):
        drawn = "".join(_draw(bar, base, window.days) for bar in bars)
    url = f"{escape(base)}rooms/{escape(label.number)}/"
    html = (
        f'<div class="fd-row"><a class="fd-label" href="{url}" hx-get="{url}"><b>{escape(label.number)}</b> '
        f"<small>{label.code}</small></a>{drawn}</div>"
    )
    guests = [bar for bar in bars if bar.kind != "closed"]
    return Row(html, tuple(taken), len(guests), sum(bool(bar.conflict) for bar in guests))


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
        f'<button type="button" class="fd-bar {" ".join(classes)}" hx-get="{url}" '
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


@lru_cache(maxsize=512)
def _lane(band: TypeBand, base: str, start: date, language: str) -> str:
    """What is left and what has no door, for each day; a number with guests behind it is a button."""
    with override(language):
        return _draw_lane(band, base, start)


def _draw_lane(band: TypeBand, base: str, start: date) -> str:
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
                f'<button type="button" class="fd-unassigned" hx-get="{url}" '
                f'title="{words}" aria-label="{day:%m-%d} {words}">{without}</button>'
            )
        cells.append(f'<span class="fd-cell d{n}"><span class="{classes}">{text}</span>{lane}</span>')
    return "".join(cells)
