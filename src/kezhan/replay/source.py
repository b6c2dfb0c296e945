"""Reading a file of hotel bookings (the columns of Antonio, de Almeida and Nunes, Data in Brief 22, 2019).

Real rows are odd, not wrong: no night, nobody named, no adult, a rate of nothing or less. A malformed line is another
matter: it is reported with its number, never guessed at and never fatal.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO

from kezhan.core.money import round_money

MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        start=1,
    )
}
CHECKED_OUT, CANCELED, NO_SHOW = "Check-Out", "Canceled", "No-Show"
NEEDED = (
    "hotel", "is_canceled", "lead_time", "arrival_date_year", "arrival_date_month", "arrival_date_day_of_month",
    "stays_in_weekend_nights", "stays_in_week_nights", "adults", "children", "babies", "market_segment",
    "distribution_channel", "is_repeated_guest", "reserved_room_type", "assigned_room_type", "adr",
    "reservation_status", "reservation_status_date",
)  # fmt: skip
# Not lived through, but a line whose number is no number was damaged on its way here.
OTHER_COUNTS = (
    "arrival_date_week_number", "previous_cancellations", "previous_bookings_not_canceled", "booking_changes",
    "days_in_waiting_list", "required_car_parking_spaces", "total_of_special_requests",
)  # fmt: skip
MISSING = {"NA", "NULL"}
LARGEST_COUNT = 32_767
LARGEST_RATE = Decimal("9999999.99")


class Malformed(ValueError):
    """What is wrong with a line, in words for the report."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One booking as the file tells it. `leaves` is when it really ended, `departure` what was booked."""

    src_row: int
    hotel: str
    status: str
    booked: date
    arrival: date
    departure: date
    ends: date
    adults: int
    children: int
    infants: int
    market: str
    channel: str
    repeated: bool
    reserved_type: str
    assigned_type: str
    rate: Decimal


def open_text(path: Path) -> IO[str]:
    """The file as text, unpacked when its name ends in .gz; a byte order mark is not part of the first name."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="", errors="replace")
    return path.open(encoding="utf-8-sig", newline="", errors="replace")


def read_rows(handle: IO[str], limit: int | None = None) -> Iterator[tuple[int, SourceRow | Malformed]]:
    """Yield (row number, row or what is wrong with it). The number is `src_row` where the file has that column and a
    number in it, else the position of the line among the data lines. Raises Malformed when a column is missing whole.
    """
    header = [name.strip() for name in _fields(handle.readline())]
    absent = [name for name in NEEDED if name not in header]
    if absent:
        raise Malformed("the file has no column " + ", ".join(absent))
    lines = (line for line in handle if line.strip())
    for position, line in enumerate(lines, start=1):
        if limit is not None and position > limit:
            return
        try:
            fields = _fields(line)
        except csv.Error as error:
            yield position, Malformed(f"no line of a table: {error}")
            continue
        named = dict(zip(header, fields, strict=False))
        number = _row_number(named.get("src_row", ""), position)
        try:
            if len(fields) != len(header):
                raise Malformed(f"{len(fields)} fields instead of {len(header)}")
            yield number, parse(named, number)
        except Malformed as error:
            yield number, error


def _fields(line: str) -> list[str]:
    """One line at a time, so that a stray quotation mark damages its own line and not the rest of the file."""
    return next(csv.reader([line.rstrip("\r\n")], strict=True), [])


def parse(named: dict[str, str], number: int) -> SourceRow:
    """One line. Raises Malformed with the column and what stands there."""
    if "src_row" in named:
        _count(named, "src_row", largest=2**31)
    for name in OTHER_COUNTS:
        if name in named:
            _count(named, name)
    arrival = _arrival(named)
    nights = _count(named, "stays_in_weekend_nights") + _count(named, "stays_in_week_nights")
    booked = _shift(arrival, -_count(named, "lead_time"))
    departure = _shift(arrival, nights)
    status = _status(named)
    return SourceRow(
        src_row=number,
        hotel=_word(named, "hotel"),
        status=status,
        booked=booked,
        arrival=arrival,
        departure=departure,
        ends=_ends(status, _date(named, "reservation_status_date"), booked, arrival, departure),
        adults=_count(named, "adults"),
        children=_count(named, "children", missing=0),
        infants=_count(named, "babies"),
        market=_word(named, "market_segment"),
        channel=_word(named, "distribution_channel"),
        repeated=_flag(named, "is_repeated_guest"),
        reserved_type=_word(named, "reserved_room_type"),
        assigned_type=_word(named, "assigned_room_type"),
        rate=_rate(named),
    )


def _ends(status: str, stated: date, booked: date, arrival: date, departure: date) -> date:
    """The day a life ended. A cancellation lies between booking and arrival, a departure inside the stay, a no-show is
    found by the audit of the arrival date whatever the file says (one is dated before it)."""
    if status == CANCELED:
        return min(max(stated, booked), arrival)
    if status == CHECKED_OUT:
        return min(max(stated, arrival), departure)
    return arrival


def _row_number(text: str, position: int) -> int:
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 10 else position


def _word(named: dict[str, str], name: str) -> str:
    text = named[name].strip()
    if not text or text in MISSING:
        raise Malformed(f"{name} is missing")
    if len(text) > 24:
        raise Malformed(f"{name} is longer than 24 characters")
    return text


def _count(
    named: dict[str, str], name: str, *, missing: int | None = None, largest: int = LARGEST_COUNT
) -> int:
    text = named[name].strip()
    if text in MISSING and missing is not None:
        return missing
    whole, _, fraction = text.partition(".")
    if not (whole.isascii() and whole.isdigit()) or fraction.strip("0"):
        raise Malformed(f"{name} is no number: {text[:20]!r}")
    value = int(whole) if len(whole) < 12 else largest + 1
    if value > largest:
        raise Malformed(f"{name} is too large: {text[:20]}")
    return value


def _flag(named: dict[str, str], name: str) -> bool:
    value = _count(named, name)
    if value > 1:
        raise Malformed(f"{name} is neither 0 nor 1")
    return value == 1


def _rate(named: dict[str, str]) -> Decimal:
    text = named["adr"].strip()
    try:
        rate = Decimal(text)
    except InvalidOperation:
        raise Malformed(f"adr is no number: {text[:20]!r}") from None
    if not rate.is_finite() or abs(rate) > LARGEST_RATE:
        raise Malformed(f"adr is no amount: {text[:20]!r}")
    return round_money(rate)


def _arrival(named: dict[str, str]) -> date:
    month = MONTHS.get(named["arrival_date_month"].strip())
    if month is None:
        raise Malformed(f"arrival_date_month is no month: {named['arrival_date_month'][:20]!r}")
    year = _count(named, "arrival_date_year")
    day = _count(named, "arrival_date_day_of_month")
    try:
        return _sane(date(year, month, day))
    except ValueError:
        raise Malformed(f"no such date: {year}-{month}-{day}") from None


def _date(named: dict[str, str], name: str) -> date:
    text = named[name].strip()
    try:
        return _sane(date.fromisoformat(text))
    except ValueError:
        raise Malformed(f"{name} is no date: {text[:20]!r}") from None


def _sane(day: date) -> date:
    if not 1990 <= day.year <= 2100:
        raise ValueError(day)
    return day


def _shift(day: date, days: int) -> date:
    try:
        return _sane(day + timedelta(days=days))
    except (OverflowError, ValueError):
        raise Malformed(f"{days} days from {day} is no date") from None


def _status(named: dict[str, str]) -> str:
    status = named["reservation_status"].strip()
    if status not in (CHECKED_OUT, CANCELED, NO_SHOW):
        raise Malformed(f"unknown reservation_status: {status[:20]!r}")
    if _flag(named, "is_canceled") != (status != CHECKED_OUT):
        raise Malformed(f"is_canceled contradicts reservation_status {status}")
    return status
