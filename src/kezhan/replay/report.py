"""The report counts what the rows of our database say, never what was read from the file."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from kezhan.billing import api as billing
from kezhan.core.money import round_money
from kezhan.reservations import api as reservations

from .house import House


def figures(houses: Iterable[House]) -> dict[str, Any]:
    """`total`, and the same figures `by_hotel_year[hotel][year of arrival]` and `by_hotel[hotel]`."""
    tallies: dict[tuple[str, int], Counter] = {}
    occupied: dict[tuple[str, int], dict[str, Counter]] = {}
    for house in houses:
        for year, tally in _tallies(house).items():
            tallies[house.name, year] = tally
        for year, by_type in _occupied(house).items():
            occupied[house.name, year] = by_type
    by_hotel_year: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, year in sorted(tallies):
        by_hotel_year[name][str(year)] = _section([(name, year)], tallies, occupied)
    names = sorted({name for name, _ in tallies})
    return {
        "total": _section(list(tallies), tallies, occupied),
        "by_hotel": {
            name: _section([key for key in tallies if key[0] == name], tallies, occupied) for name in names
        },
        "by_hotel_year": dict(by_hotel_year),
    }


def _tallies(house: House) -> dict[int, Counter]:
    rooms = reservations.BookingRoom.objects.of(house.place)
    out, changed = Q(status="DEPARTED"), ~Q(room_type=F("inventory_type"))
    counted = rooms.values(year=F("arrival_date__year")).annotate(
        bookings=Count("id"),
        canceled=Count("id", filter=Q(status="CANCELLED")),
        no_show=Count("id", filter=Q(status="NO_SHOW")),
        checked_out=Count("id", filter=out),
        room_type_changed=Count("id", filter=changed),
        repeated_guest_bookings=Count("id", filter=Q(booking__eligibility="KNOWN_GUEST")),
        zero_night_checked_out=Count("id", filter=out & Q(day_use=True)),
    )
    tallies = {
        line["year"]: Counter({name: count for name, count in line.items() if name != "year"})
        for line in counted
    }
    nights = (
        reservations.BookingNight.objects.of(house.place)
        .filter(booking_room__status="DEPARTED")
        .values(year=F("booking_room__arrival_date__year"))
        .annotate(count=Count("id"), revenue=Sum("price"))
    )
    for line in nights:
        tallies[line["year"]]["room_nights_checked_out"] = line["count"]
        tallies[line["year"]]["revenue_cents"] = int(round_money(line["revenue"]) * 100)
    return tallies


def _occupied(house: House) -> dict[int, dict[str, Counter]]:
    """Nights as booked of checked-out stays, by year of arrival and type occupied."""
    lines = (
        reservations.BookingNight.objects.of(house.place)
        .filter(booking_room__status="DEPARTED")
        .values_list("booking_room__arrival_date__year", "booking_room__inventory_type__name", "date")
        .annotate(rooms=Count("id"))
    )
    by_year: dict[int, dict[str, Counter]] = defaultdict(lambda: defaultdict(Counter))
    for year, code, day, rooms in lines.iterator():
        by_year[year][code][day] += rooms
    return by_year


def _section(keys: list, tallies: dict, occupied: dict) -> dict[str, Any]:
    tally: Counter = Counter()
    by_type: dict[str, Counter] = defaultdict(Counter)
    for key in keys:
        tally.update(tallies[key])
        for code, days in occupied.get(key, {}).items():
            by_type[code].update(days)
    everywhere: Counter = Counter()
    for days in by_type.values():
        everywhere.update(days)
    peak = _peak(everywhere)
    peak["by_type"] = {code: _peak(by_type[code]) for code in sorted(by_type)}
    return {
        "bookings": tally["bookings"],
        "canceled": tally["canceled"],
        "no_show": tally["no_show"],
        "checked_out": tally["checked_out"],
        "room_nights_checked_out": tally["room_nights_checked_out"],
        "revenue_not_cancelled": float(Decimal(tally["revenue_cents"]) / 100),
        "room_type_changed": tally["room_type_changed"],
        "repeated_guest_bookings": tally["repeated_guest_bookings"],
        "zero_night_checked_out": tally["zero_night_checked_out"],
        "peak": peak,
    }


def _peak(days: Counter) -> dict[str, Any]:
    """The fullest night, the earliest of equals; nobody ever stayed: 0 and no date."""
    if not days:
        return {"rooms": 0, "date": None}
    rooms = max(days.values())
    first: date = min(day for day, count in days.items() if count == rooms)
    return {"rooms": rooms, "date": first.isoformat()}


def oversold_nights(houses: Iterable[House]) -> int:
    """Nights on which a type sold more than it has, plus those whose counter disagrees with its bookings."""
    found = 0
    for house in houses:
        rows = reservations.RoomTypeNight.objects.of(house.place)
        found += rows.filter(sold__gt=F("capacity") - F("out_of_order") - F("blocked")).count()
        span = rows.order_by("date").values_list("date", flat=True)
        first, last = span.first(), span.last()
        if first and last:
            found += len(reservations.inventory_differences(house.place, first, last + timedelta(days=1)))
    return found


def ledger(houses: Iterable[House]) -> dict[str, Any]:
    """All ledgers of all houses over the whole replay: opening + activity = closing, day by day and to the postings."""
    opening = activity = closing = Decimal(0)
    balanced = True
    for house in houses:
        days = billing.LedgerDay.objects.of(house.place)
        for name in billing.Ledger.values:
            chain = list(
                days.filter(ledger=name)
                .order_by("business_date")
                .values_list("opening", "activity", "closing")
            )
            if not chain:
                continue
            posted = (
                billing.Posting.objects.of(house.place)
                .filter(ledger=name)
                .aggregate(sum=Sum("amount"))["sum"]
            )
            balanced &= all(start + moved == end for start, moved, end in chain)
            balanced &= all(before[2] == after[0] for before, after in zip(chain, chain[1:], strict=False))
            # SQLite adds decimals as floating point numbers; to the cent the sum is exact.
            balanced &= chain[-1][2] == round_money(posted or Decimal(0))
            opening += chain[0][0]
            activity += sum((moved for _, moved, _ in chain), Decimal(0))
            closing += chain[-1][2]
    return {
        "opening": float(opening),
        "activity": float(activity),
        "closing": float(closing),
        "balanced": bool(balanced and opening + activity == closing),
    }


def peak_memory_mb() -> float | None:
    """Largest resident size of this process so far, in MiB (Linux counts kilobytes, macOS bytes); None on Windows."""
    try:
        import resource
    except ImportError:
        return None
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(size / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)
