"""The one path by which the counters of inventory move: read the nights locked and in order, refuse by name what does not
fit, then raise each type by one guarded UPDATE whose row count must be the number of nights.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection

from kezhan.core.dates import nights
from kezhan.hotel import api as hotel
from kezhan.reservations.models import RoomTypeNight
from kezhan.reservations.queries import free_by_type
from kezhan.reservations.refusals import SoldOut
from kezhan.reservations.values import Span

Left = dict[tuple[int, date], int]
# Written by hand: every booking runs them, and Django's compiler takes longer than the database.
TABLE = RoomTypeNight._meta.db_table
FREE = "capacity - out_of_order - blocked + overbook_allowance - sold"


def move_nights(property_id: int, *, give: Sequence[Span] = (), take: Sequence[Span] = ()) -> None:
    """Give nights back and take others, all or nothing. A night without a row is not for sale. Raises SoldOut."""
    give, take = merge(give), merge(take)
    left = lock_nights(property_id, [*give, *take])
    for span in give:
        for night in nights(span.first, span.end):
            left[span.room_type_id, night] = left.get((span.room_type_id, night), 0) + span.rooms
    for span in take:
        _require_free(property_id, span, left)
    for span in give:
        _give(property_id, span)
    for span in take:
        _take(property_id, span)


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same nights of one type asked for several times become one span of so many rooms, in the order of locking."""
    counted: dict[tuple[int, date, date], int] = {}
    for room_type_id, first, end, rooms in spans:
        if first < end:
            counted[room_type_id, first, end] = counted.get((room_type_id, first, end), 0) + rooms
    return [Span(*key, rooms) for key, rooms in sorted(counted.items())]


def lock_nights(property_id: int, spans: Iterable[Span]) -> Left:
    """Lock every night of the spans in order of type and date, so that two bookings never wait for each other crosswise;
    return how many rooms each has left.

    PostgreSQL locks in the order of the SELECT (an UPDATE promises none). SQLite has begun IMMEDIATE: nobody else writes.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    wanted = [(span.room_type_id, span.first, span.end) for span in spans]
    if not wanted:
        return {}
    some = " OR ".join(["(room_type_id = %s AND date >= %s AND date < %s)"] * len(wanted))
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT room_type_id, date, {FREE} FROM {TABLE} WHERE property_id = %s AND ({some}) "  # noqa: S608
            f"ORDER BY room_type_id, date {lock}",
            [property_id, *(part for one in wanted for part in one)],
        )
        return {(type_id, day): left for type_id, day, left in cursor.fetchall()}


def _require_free(property_id: int, span: Span, left: Left) -> None:
    full = [
        night
        for night in nights(span.first, span.end)
        if left.get((span.room_type_id, night), -1) < span.rooms
    ]
    if full:
        raise sold_out(property_id, span, full)


def sold_out(property_id: int, span: Span, full: Sequence[date]) -> SoldOut:
    codes = dict(hotel.room_types_of(property_id).values_list("pk", "code"))
    free = free_by_type(property_id, span.first, span.end)
    return SoldOut(
        room_type=codes[span.room_type_id],
        full=full,
        free={code: max(free.get(pk, 0), 0) for pk, code in codes.items()},
    )


def _take(property_id: int, span: Span) -> None:
    if _change(property_id, span, span.rooms, f"{FREE} >= %s") != (span.end - span.first).days:
        raise sold_out(property_id, span, nights(span.first, span.end))


def _give(property_id: int, span: Span) -> None:
    if _change(property_id, span, -span.rooms, "sold >= %s") != (span.end - span.first).days:
        raise RuntimeError(f"inventory does not hold what is given back: {span}")


def _change(property_id: int, span: Span, rooms: int, guard: str) -> int:
    """One guarded UPDATE; returns how many nights it reached."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET sold = sold + %s "  # noqa: S608 - our own table and guard
            f"WHERE property_id = %s AND room_type_id = %s AND date >= %s AND date < %s AND {guard}",
            [rooms, property_id, span.room_type_id, span.first, span.end, span.rooms],
        )
        return cursor.rowcount
