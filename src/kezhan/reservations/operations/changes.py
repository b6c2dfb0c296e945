"""What happens to a booking after it was allotted: other dates, another type, cancelled, not shown, arrived, departed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.dates import nights
from kezhan.core.errors import InvalidInput
from kezhan.core.money import ZERO
from kezhan.core.operation import operation
from kezhan.core.prepared import update
from kezhan.hotel import api as hotel
from kezhan.people import api as people
from kezhan.policy import api as policy
from kezhan.properties import api as properties
from kezhan.reservations import rules
from kezhan.reservations.choices import BookingStatus, NightUse, RoomStatus
from kezhan.reservations.models import Booking, BookingNight, BookingRoom, NightPrice, RoomNight
from kezhan.reservations.queries import first_nights, terms_of
from kezhan.reservations.refusals import LateCancellation, NotYetNoShow, StepNotAllowed, TooEarly
from kezhan.reservations.values import Changed, Span

from .locks import enter_booking, enter_room, follow_rooms, step, step_room
from .nights import move_nights
from .rooms import put_nights
from .vouchers import reissue

LATE_RIGHT = "reservations.cancel_late"


@operation
def change_dates(
    *,
    booking_room_id: int,
    arrival: date,
    departure: date,
    actor: Actor,
    now: datetime,
    reason: str,
    property_id: int | None = None,
) -> Changed:
    """Other dates for one room. Nights that stay keep their price, new ones are priced by the room's plan, and inventory,
    the assigned room's nights and the voucher follow. A stay in house keeps its arrival and the nights behind it.

    Raises InvalidInput, SoldOut (naming what is short), RoomTaken (the assigned room is promised), StepNotAllowed.
    """
    room, booking, today = enter_room(booking_room_id, property_id)
    _require_changeable(
        room,
        arrival,
        departure,
        today,
        reason,
        policy.value("max_nights", property=booking.property, on=today),
    )
    before = {night.date: night for night in room.nights.all()}
    wanted = nights(arrival, departure)
    dropped = [night for day, night in before.items() if day not in set(wanted)]
    added = [day for day in wanted if day not in before]
    prices = _prices_of(room, added)
    holds = room.status != RoomStatus.ASKED
    if holds:
        move_nights(room.property_id, give=_spans(dropped), take=_spans_of(room.inventory_type_id, added))
    BookingNight.objects.filter(pk__in=[night.pk for night in dropped]).delete()
    BookingNight.objects.bulk_create(
        BookingNight(
            property_id=room.property_id, booking_room=room, date=day, price=prices[day], rate_plan_id=room.rate_plan_id,
            inventory_type_id=room.inventory_type_id if holds else None,
        )
        for day in added
    )  # fmt: skip
    _move_door(room, [night.date for night in dropped], added)
    old_total = room.total
    room.arrival_date, room.departure_date = arrival, departure
    room.total = sum((night.price for day, night in before.items() if day in set(wanted)), ZERO) + sum(
        prices.values(), ZERO
    )
    update(room, "arrival_date", "departure_date", "total")
    _sum_up(booking)
    token = reissue(booking, place=booking.property, now=now) if booking.status in rules.CONFIRMED else ""
    audit.record(
        "reservations.dates_changed", actor=actor, subject=booking, at=now, reason=reason.strip(),
        facts={
            "room": room.position, "arrival": arrival, "departure": departure, "added": len(added),
            "dropped": len(dropped), "difference": room.total - old_total,
        },
    )  # fmt: skip
    return Changed(room, room.total - old_total, token)


def _require_changeable(
    room: BookingRoom, arrival: date, departure: date, today: date, reason: str, longest: int
) -> None:
    if room.status not in (RoomStatus.ASKED, RoomStatus.HELD, RoomStatus.IN_HOUSE):
        raise StepNotAllowed.of_room(room, room.status)
    wrong: dict[str, Any] = {}
    if departure <= arrival:
        wrong["departure"] = _("离店日期必须晚于到店日期。")
    elif (departure - arrival).days > longest:
        wrong["departure"] = _("一次最多预订 %(nights)s 晚。") % {"nights": longest}
    if room.day_use:
        wrong["departure"] = _("日用房不能改为过夜，请另做预订。")
    if room.status == RoomStatus.IN_HOUSE and arrival != room.arrival_date:
        wrong["arrival"] = _("客人已经入住，到店日期不能再改。")
    if room.status != RoomStatus.IN_HOUSE and arrival < today:
        wrong["arrival"] = _("到店日期不能早于营业日 %(date)s。") % {"date": today}
    if room.status == RoomStatus.IN_HOUSE and departure < today:
        wrong["departure"] = _("离店日期不能早于营业日 %(date)s。") % {"date": today}
    if not reason.strip():
        wrong["reason"] = _("请写明更改原因。")
    if wrong:
        raise InvalidInput(fields=wrong)


def _prices_of(room: BookingRoom, days: Sequence[date]) -> dict[date, Decimal]:
    if not days:
        return {}
    rows = NightPrice.objects.filter(
        property_id=room.property_id,
        rate_plan_id=room.rate_plan_id,
        room_type_id=room.room_type_id,
        date__in=days,
    )
    prices = dict(rows.values_list("date", "price"))
    if missing := [day for day in days if day not in prices]:
        text = "、".join(f"{day:%m-%d}" for day in missing[:10])
        raise InvalidInput(fields={"departure": _("%(nights)s 还没有价格。") % {"nights": text}})
    return prices


def _spans(held: Sequence[BookingNight]) -> list[Span]:
    """Nights as runs of the type whose inventory they take; nights that take none are left out."""
    by_type: dict[int, list[date]] = {}
    for night in held:
        if night.inventory_type_id is not None:
            by_type.setdefault(night.inventory_type_id, []).append(night.date)
    return [span for type_id, days in by_type.items() for span in _spans_of(type_id, days)]


def _spans_of(type_id: int, days: Sequence[date]) -> list[Span]:
    return [Span(type_id, first, end) for first, end in rules.runs(days)]


def _move_door(room: BookingRoom, dropped: Sequence[date], added: Sequence[date]) -> None:
    """The assigned room follows the dates. Raises RoomTaken."""
    door = room.room_nights.order_by("-date").values_list("room_id", "use").first()
    if door is None:
        return
    room.room_nights.filter(date__in=list(dropped)).delete()
    if room.nights.exists() or added:
        put_nights(room, hotel.lock_room(door[0], room.property_id), list(added), NightUse(door[1]))


def _sum_up(booking: Booking) -> None:
    """Dates and total of a booking from its rooms."""
    rooms = [
        row
        for row in booking.rooms.values_list("status", "arrival_date", "departure_date", "total")
        if row[0] not in (RoomStatus.CANCELLED, RoomStatus.NO_SHOW)
    ]
    booking.arrival_date = min(row[1] for row in rooms)
    booking.departure_date = max(row[2] for row in rooms)
    booking.total = sum((row[3] for row in rooms), ZERO)
    booking.version += 1
    update(booking, "arrival_date", "departure_date", "total", "version")


@operation
def change_room_type(
    *,
    booking_room_id: int,
    room_type_id: int,
    actor: Actor,
    now: datetime,
    reason: str,
    property_id: int | None = None,
) -> BookingRoom:
    """Let the room take another type's inventory (an upgrade); the price stays that of the booked type. Nights still held,
    from the business date on, move from one type to the other. A room that holds none any more, or day use, only records
    the type. Raises SoldOut, InvalidInput, StepNotAllowed (a room of the old type is assigned).
    """
    room, booking, today = enter_room(booking_room_id, property_id)
    wanted = hotel.room_types_of(booking.property_id).filter(pk=room_type_id).first()
    if wanted is None:
        raise InvalidInput(fields={"room_type": _("没有这个房型。")})
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("请写明更改原因。")})
    if wanted.pk == room.inventory_type_id:
        return room
    moved: list[BookingNight] = []
    if room.status in (RoomStatus.HELD, RoomStatus.IN_HOUSE) and not room.day_use:
        RoomNight.objects.filter(booking_room=room, use=NightUse.ALLOTMENT).delete()
        moved = list(room.nights.filter(inventory_type__isnull=False, date__gte=today))
        take = _spans_of(wanted.pk, [night.date for night in moved])
        move_nights(room.property_id, give=_spans(moved), take=take)
        room.nights.filter(pk__in=[night.pk for night in moved]).update(inventory_type=wanted)
    old = room.inventory_type.code
    room.inventory_type = wanted
    update(room, "inventory_type")
    audit.record(
        "reservations.room_type_changed", actor=actor, subject=booking, at=now, reason=reason.strip(),
        facts={"room": room.position, "from": old, "to": wanted.code, "nights": len(moved)},
    )  # fmt: skip
    return room


@operation
def cancel(
    *, booking_id: int, reason: str, actor: Actor, now: datetime, property_id: int | None = None
) -> Booking:
    """Cancel every room of a booking that nobody has arrived for. Inside the grace the rule approves at once; beyond it a
    person needs the right to cancel late, and the fee by rule is recorded.

    Raises InvalidInput, LateCancellation, StepNotAllowed.
    """
    booking, today = enter_booking(booking_id, property_id)
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("请写明取消原因。")})
    fee, in_grace = _require_cancellable(booking, actor, now)
    step(booking, BookingStatus.CANCELLED)
    rooms = list(booking.rooms.exclude(status__in=[RoomStatus.CANCELLED, RoomStatus.NO_SHOW]))
    for room in rooms:
        room.booking = booking
        step_room(room, RoomStatus.CANCELLED)
    given = _release(rooms)
    BookingRoom.objects.filter(pk__in=[room.pk for room in rooms]).update(status=RoomStatus.CANCELLED)
    booking.ended_at, booking.ended_business_date = now, today
    booking.cancel_reason, booking.cancelled_in_grace = reason.strip()[:200], in_grace
    booking.version += 1
    update(
        booking, "status", "ended_at", "ended_business_date", "cancel_reason", "cancelled_in_grace", "version"
    )
    audit.record(
        "reservations.cancelled", actor=actor, subject=booking, at=now, reason=reason.strip(),
        facts={"in_grace": in_grace, "automatic": in_grace, "fee": fee, "nights": given},
    )  # fmt: skip
    return booking


def _require_cancellable(booking: Booking, actor: Actor, now: datetime) -> tuple[Decimal, bool]:
    """(fee, inside the grace). What was never confirmed costs nothing."""
    if booking.confirmed_at is None:
        return ZERO, True
    place = booking.property
    terms = terms_of(
        place, booking.arrival_date, booking.arrival_time,
        on=booking.booked_business_date, confirmed_at=booking.confirmed_at,
    )  # fmt: skip
    in_grace = terms.has_grace and now <= terms.free_until
    if in_grace:
        return ZERO, True
    fee = rules.cancellation_fee(first_nights(booking), terms, now)
    if actor.kind == "USER" and LATE_RIGHT not in _rights(actor, place, now):
        local = timezone.localtime(terms.free_until, properties.zone(place.timezone))
        raise LateCancellation(free_until=f"{local:%m-%d %H:%M}", fee=f"{booking.currency} {fee}")
    return fee, False


def _rights(actor: Actor, place: Any, now: datetime) -> set[str]:
    user = people.User.objects.filter(pk=actor.id, group_id=place.group_id).first()
    return people.rights_of(user, place, now=now) if user is not None else set()


def _release(rooms: Sequence[BookingRoom], first: date | None = None) -> int:
    """Give back the nights of the rooms (from `first` on) and their doors. The nights stay as booked."""
    held = BookingNight.objects.filter(
        booking_room__in=[room.pk for room in rooms], inventory_type__isnull=False
    )
    doors = RoomNight.objects.filter(booking_room__in=[room.pk for room in rooms])
    if first is not None:
        held, doors = held.filter(date__gte=first), doors.filter(date__gte=first)
    found = list(held.order_by("date"))
    if found:
        move_nights(rooms[0].property_id, give=_spans_by_room(found))
        BookingNight.objects.filter(pk__in=[night.pk for night in found]).update(inventory_type=None)
    doors.delete()
    return len(found)


def _spans_by_room(held: Sequence[BookingNight]) -> list[Span]:
    by_room: dict[int, list[BookingNight]] = {}
    for night in held:
        by_room.setdefault(night.booking_room_id, []).append(night)
    return [span for rows in by_room.values() for span in _spans(rows)]


@operation
def mark_no_show(
    *, booking_room_id: int, actor: Actor, now: datetime, property_id: int | None = None
) -> BookingRoom:
    """Nobody came: all nights of the room go back to inventory, tonight and those after it.
    Raises NotYetNoShow before the arrival date is the business date, StepNotAllowed.
    """
    room, booking, today = enter_room(booking_room_id, property_id)
    if room.arrival_date > today:
        raise NotYetNoShow(arrival=room.arrival_date, today=today)
    step_room(room, RoomStatus.NO_SHOW)
    given = _release([room])
    update(room, "status")
    follow_rooms(booking, now=now, today=today)
    audit.record(
        "reservations.not_shown",
        actor=actor,
        subject=booking,
        at=now,
        facts={"room": room.position, "nights": given},
    )
    return room


@operation
def mark_arrived(
    *, booking_room_id: int, actor: Actor, now: datetime, property_id: int | None = None
) -> BookingRoom:
    """The guests of a room are here. Raises TooEarly before its arrival date, StepNotAllowed unless it is confirmed."""
    room, booking, today = enter_room(booking_room_id, property_id)
    if room.arrival_date > today:
        raise TooEarly(arrival=room.arrival_date, today=today)
    if booking.confirmed_at is None:
        raise StepNotAllowed.of(booking, BookingStatus.IN_HOUSE)
    step_room(room, RoomStatus.IN_HOUSE)
    update(room, "status")
    follow_rooms(booking, now=now, today=today)
    audit.record("reservations.arrived", actor=actor, subject=booking, at=now, facts={"room": room.position})
    return room


@operation
def undo_arrival(
    *, booking_room_id: int, actor: Actor, now: datetime, reason: str = "", property_id: int | None = None
) -> BookingRoom:
    """Back to expected; its room stays allotted. Raises StepNotAllowed."""
    room, booking, today = enter_room(booking_room_id, property_id)
    step_room(room, RoomStatus.HELD)
    update(room, "status")
    room.room_nights.filter(use=NightUse.STAY).update(use=NightUse.ALLOTMENT)
    follow_rooms(booking, now=now, today=today)
    audit.record(
        "reservations.arrival_undone",
        actor=actor,
        subject=booking,
        at=now,
        reason=reason,
        facts={"room": room.position},
    )
    return room


@operation
def mark_departed(
    *, booking_room_id: int, business_date: date, actor: Actor, now: datetime, property_id: int | None = None
) -> BookingRoom:
    """The guests have left: nights from `business_date` on go back to inventory and the door is free; the booked nights
    stay as booked. Raises StepNotAllowed.
    """
    room, booking, today = enter_room(booking_room_id, property_id)
    step_room(room, RoomStatus.DEPARTED)
    given = _release([room], business_date)
    update(room, "status")
    follow_rooms(booking, now=now, today=today)
    audit.record(
        "reservations.departed", actor=actor, subject=booking, at=now,
        facts={"room": room.position, "business_date": business_date, "nights_given_back": given},
    )  # fmt: skip
    return room


@operation
def undo_departure(
    *,
    booking_room_id: int,
    actor: Actor,
    now: datetime,
    room_id: int | None = None,
    reason: str = "",
    property_id: int | None = None,
) -> BookingRoom:
    """Back in house: the nights given back are taken again, if they are still free, and with `room_id` the door too.
    Raises SoldOut, RoomTaken, StepNotAllowed.
    """
    room, booking, today = enter_room(booking_room_id, property_id)
    step_room(room, RoomStatus.IN_HOUSE)
    back = list(room.nights.filter(inventory_type__isnull=True))
    days = [night.date for night in back]
    move_nights(room.property_id, take=_spans_of(room.inventory_type_id, days))
    room.nights.filter(pk__in=[night.pk for night in back]).update(inventory_type=room.inventory_type_id)
    if room_id is not None:
        put_nights(room, hotel.lock_room(room_id, room.property_id), days, NightUse.STAY)
    update(room, "status")
    follow_rooms(booking, now=now, today=today)
    audit.record(
        "reservations.departure_undone", actor=actor, subject=booking, at=now, reason=reason,
        facts={"room": room.position, "nights": len(back)},
    )  # fmt: skip
    return room
