"""What the tape chart reads: one row a night and one row a booked room, as plain as the driver gives them.

Ten thousand nights are read for each answer. Grouping them in SQL, or letting the ORM convert every date, costs three
times as much as the loop below (measured with 500 rooms and 20,000 bookings on both databases), hence the two statements.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from kezhan.core.dates import ONE_DAY

# Key, number, position, name, status, arrival, departure: dates as ISO text.
Facts = tuple[int, str, int, str, str, str, str]
# The facts with the first and last night in this room, counted from the night before the window, and all nights given.
Run = tuple[Facts, int, int, int]

# `|| ''` gives text on both databases: Django's SQLite converts every column declared as a date, one call a value.
_NIGHTS = """
SELECT room_id, booking_room_id, date || '' FROM reservations_roomnight
WHERE property_id = %s AND date >= %s AND date < %s AND booking_room_id IS NOT NULL
ORDER BY date
"""
_COLUMNS = """
SELECT b.id, k.number, b.position, g.name, b.status, b.arrival_date || '', b.departure_date || ''
FROM reservations_bookingroom b JOIN reservations_booking k ON k.id = b.booking_id JOIN guests_guest g ON g.id = k.guest_id
"""
# Each half has its own index: those to come by arrival, those gone by departure, however many lie outside of the window.
# The comparison as text keeps the planner from taking the other one.
_BOOKED = f"""
{_COLUMNS} WHERE b.property_id = %s AND b.status IN ('HELD', 'IN_HOUSE') AND b.arrival_date < %s
AND b.departure_date || '' >= %s
UNION ALL
{_COLUMNS} WHERE b.property_id = %s AND b.status = 'DEPARTED' AND b.departure_date >= %s AND b.arrival_date || '' < %s
"""  # noqa: S608 - no value from outside stands in it


def runs_by_room(property_id: int, start: date, end: date) -> dict[int, list[Run]]:
    """Who is in which room from which night to which, by room, in order of time."""
    before = start - ONE_DAY
    index = {(before + timedelta(days=n)).isoformat(): n for n in range((end - before).days)}
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED, [property_id, end, start.isoformat(), property_id, start, end.isoformat()])
        facts = {row[0]: row for row in cursor.fetchall()}
        cursor.execute(_NIGHTS, [property_id, before, end])
        nights = cursor.fetchall()
    return _by_room(facts, _spans(nights, index))


def _spans(nights: list[tuple[int, int, str]], index: dict[str, int]) -> dict[int, list[list[int]]]:
    """Per booked room its stretches [room, first, last, nights]; more than one after a move."""
    found: dict[int, list[list[int]]] = {}
    for room_id, booked, day in nights:
        n = index[day]
        stretches = found.get(booked)
        if stretches is None:
            found[booked] = [[room_id, n, n, 1]]
        elif stretches[-1][0] == room_id:
            last = stretches[-1]
            last[2] = n
            last[3] += 1
        else:
            stretches.append([room_id, n, n, 1])
    return found


def _by_room(facts: dict[int, Facts], spans: dict[int, list[list[int]]]) -> dict[int, list[Run]]:
    found: dict[int, list[Run]] = {}
    for booked, stretches in spans.items():
        known = facts.get(booked)
        if known is None:
            continue
        given = stretches[0][3] if len(stretches) == 1 else sum(stretch[3] for stretch in stretches)
        for room_id, first, last, _nights in stretches:
            found.setdefault(room_id, []).append((known, first, last, given))
    return found
