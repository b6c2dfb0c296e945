"""The booking is what is locked: its rooms, nights and vouchers change only behind that one row.

Order of every operation: hold the business date, lock the booking, then the nights of inventory, then the room nights.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from kezhan.core.errors import NotFound
from kezhan.core.locking import lock_row
from kezhan.core.operation import once
from kezhan.core.prepared import update
from kezhan.hotel import api as hotel
from kezhan.reservations import rules
from kezhan.reservations.choices import BookingStatus, RoomStatus
from kezhan.reservations.models import Booking, BookingRoom
from kezhan.reservations.refusals import StepNotAllowed


class Entered(NamedTuple):
    room: BookingRoom
    booking: Booking
    today: date


def lock_booking(booking_id: int, property_id: int | None = None) -> Booking:
    """Lock a booking until the transaction ends. Raises NotFound."""
    rows = Booking.objects.filter(pk=booking_id).select_related("property", "guest")
    return lock_row(rows if property_id is None else rows.filter(property_id=property_id))


def lock_booking_room(booking_room_id: int, property_id: int) -> BookingRoom:
    """Lock one room of a booking, by locking its booking. `room.booking` is the locked row. Raises NotFound."""
    return enter_room(booking_room_id, property_id).room


def enter_room(booking_room_id: int, property_id: int | None = None) -> Entered:
    """Hold the business date and lock the booking of a room, in that order. Raises NotFound, NotOpenedYet."""
    entered = once(("reservations.room", booking_room_id), lambda: _enter_room(booking_room_id))
    if property_id is not None and entered.room.property_id != property_id:
        raise NotFound()
    return entered


def _enter_room(booking_room_id: int) -> Entered:
    rows = BookingRoom.objects.filter(pk=booking_room_id)
    known = rows.values_list("property_id", "booking_id").first()
    if known is None:
        raise NotFound()
    today = hotel.hold_business_date(known[0])
    booking = lock_booking(known[1])
    room = rows.select_related("room_type", "inventory_type", "rate_plan").get()
    room.booking, room.property = booking, booking.property
    return Entered(room, booking, today)


def enter_booking(booking_id: int, property_id: int | None = None) -> tuple[Booking, date]:
    """Hold the business date and lock a booking, in that order. Raises NotFound, NotOpenedYet."""
    rows = Booking.objects.filter(pk=booking_id)
    if property_id is not None:
        rows = rows.filter(property_id=property_id)
    place_id = rows.values_list("property_id", flat=True).first()
    if place_id is None:
        raise NotFound()
    today = hotel.hold_business_date(place_id)
    return lock_booking(booking_id), today


def step(booking: Booking, to: BookingStatus) -> None:
    """Move a booking along the table of rules.py. The row still has to be saved. Raises StepNotAllowed."""
    if not rules.may_step(booking.status, to):
        raise StepNotAllowed.of(booking, to)
    booking.status = to


def step_room(room: BookingRoom, to: RoomStatus) -> None:
    """Raises StepNotAllowed."""
    if not rules.room_may_step(room.status, to):
        raise StepNotAllowed.of_room(room, to)
    room.status = to


def follow_rooms(booking: Booking, *, now: datetime, today: date) -> None:
    """Let a confirmed booking say what its rooms say, and save it."""
    confirmed = BookingStatus.GUEST_CONFIRMED if booking.guest_confirmed_at else BookingStatus.CONFIRMED
    status = rules.status_from_rooms(booking.rooms.values_list("status", flat=True), confirmed)
    if status != booking.status:
        step(booking, status)
    ended = status in (BookingStatus.DEPARTED, BookingStatus.NO_SHOW, BookingStatus.CANCELLED)
    booking.ended_at = now if ended else None
    booking.ended_business_date = today if ended else None
    booking.version += 1
    update(booking, "status", "ended_at", "ended_business_date", "version")
