"""Vouchers: what the guest was told, by version. A change gives a new one, the earlier ones stay as they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.ids import new_token, token_digest
from kezhan.core.operation import operation
from kezhan.core.prepared import insert
from kezhan.outbox import api as outbox
from kezhan.reservations import rules
from kezhan.reservations.models import Booking, BookingRoom, Voucher
from kezhan.reservations.queries import rooms_of_booking, terms_of
from kezhan.reservations.refusals import StepNotAllowed
from kezhan.reservations.values import PricedRoom

from .locks import lock_booking

# How long the guest's link opens after the last day of the stay: long enough for an expense report.
LINK_LASTS = timedelta(days=90)
NOON = time(12)
CONFIRMATION = "reservations.confirmation"


def write_voucher(
    booking: Booking,
    lines: Sequence[dict[str, Any]],
    *,
    place: Any,
    guest_name: str,
    version: int,
    now: datetime,
) -> str:
    """Insert the next voucher of a confirmed booking and ask for its delivery. Returns the token of the guest's link."""
    token = new_token()
    voucher = Voucher(
        property_id=booking.property_id,
        booking=booking,
        version=version,
        token_digest=token_digest(token),
        content=_content(booking, lines, place, guest_name, now),
        issued_at=now,
        ends_at=max(now, rules.arrival_moment(booking.departure_date, NOON, place.timezone)) + LINK_LASTS,
    )
    insert(voucher)
    outbox.enqueue(
        CONFIRMATION,
        payload={"voucher_id": voucher.pk, "booking": booking.number, "version": version},
        now=now,
        property_id=booking.property_id,
    )
    return token


def _content(
    booking: Booking, lines: Sequence[dict[str, Any]], place: Any, guest_name: str, now: datetime
) -> dict[str, Any]:
    return {
        "number": booking.number,
        "guest": guest_name,
        "arrival": booking.arrival_date.isoformat(),
        "departure": booking.departure_date.isoformat(),
        "arrival_time": booking.arrival_time.strftime("%H:%M") if booking.arrival_time else "",
        "wishes": booking.wishes,
        "rooms": list(lines),
        "total": str(booking.total),
        "currency": booking.currency,
        "terms": terms_content(
            place,
            booking.arrival_date,
            booking.arrival_time,
            booking.booked_business_date,
            booking.confirmed_at or now,
        ),
    }


def terms_content(
    place: Any, arrival: date, arrival_time: time | None, on: date, confirmed_at: datetime
) -> dict[str, str]:
    """The cancellation terms as a voucher keeps them; an empty `free_until` says that there was no grace."""
    terms = terms_of(place, arrival, arrival_time, on=on, confirmed_at=confirmed_at)
    return {
        "free_until": terms.free_until.isoformat() if terms.has_grace else "",
        "held_until": terms.held_until.isoformat(),
        "percent": str(terms.percent),
    }


def line_of_priced(room: PricedRoom) -> dict[str, Any]:
    return _line(room.room_type, room.rate_plan, room.asked, room.nights, room.total)


def line_of_row(room: BookingRoom) -> dict[str, Any]:
    nights = [(night.date, night.price) for night in room.nights.all()]
    return _line(room.room_type, room.rate_plan, room, nights, room.total)


def _line(kind: Any, plan: Any, party: Any, nights: Sequence[tuple], total: Any) -> dict[str, Any]:
    return {
        "room_type": kind.name,
        "room_type_en": kind.name_en,
        "rate_plan": plan.name,
        "rate_plan_en": plan.name_en,
        "breakfasts": plan.breakfasts,
        "adults": party.adults,
        "children": party.children,
        "day_use": party.day_use,
        "nights": [[day.isoformat(), str(price)] for day, price in nights],
        "total": str(total),
    }


def reissue(booking: Booking, *, place: Any, now: datetime) -> str:
    """The next version of a (locked) booking's voucher from its rows."""
    rooms = [room for room in rooms_of_booking(booking) if room.status not in ("CANCELLED", "NO_SHOW")]
    return write_voucher(
        booking,
        [line_of_row(room) for room in rooms],
        place=place,
        guest_name=booking.guest.name,
        version=booking.vouchers.count() + 1,
        now=now,
    )


@operation
def issue_voucher(*, booking_id: int, property_id: int, actor: Actor, now: datetime) -> str:
    """Give the guest a fresh link to a confirmed booking, as a new version. Raises StepNotAllowed, NotFound."""
    booking = lock_booking(booking_id, property_id)
    if booking.confirmed_at is None or booking.ended_at is not None:
        raise StepNotAllowed.of(booking, booking.status)
    token = reissue(booking, place=booking.property, now=now)
    audit.record("reservations.voucher_issued", actor=actor, subject=booking, at=now)
    return token
