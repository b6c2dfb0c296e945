"""Which door a booked room gets, night by night, and the nights on which a door is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.dates import nights
from kezhan.core.errors import InvalidInput, NotFound
from kezhan.core.locking import lock_row
from kezhan.core.operation import operation
from kezhan.core.prepared import update
from kezhan.hotel import api as hotel
from kezhan.reservations.choices import ClosureKind, NightUse, RoomStatus
from kezhan.reservations.models import BookingRoom, Closure, RoomNight, RoomTypeNight
from kezhan.reservations.queries import bookings_on, users_of_room
from kezhan.reservations.refusals import (
    AlreadyReleased,
    NeededByBookings,
    RoomNotInUse,
    RoomOfOtherType,
    RoomTaken,
    StepNotAllowed,
)
from kezhan.reservations.values import Span

from .locks import enter_room
from .nights import lock_nights


@operation
def assign_room(
    *,
    booking_room_id: int,
    room_id: int,
    actor: Actor,
    now: datetime,
    use: str = NightUse.ALLOTMENT,
    from_date: date | None = None,
    property_id: int | None = None,
) -> BookingRoom:
    """Give a booked room its door for its nights, or another door from `from_date` on; nights before it keep theirs. A
    dirty room is no hindrance: it will be cleaned. Day use has no night and keeps no door.

    Raises RoomTaken naming the nights, RoomOfOtherType, RoomNotInUse, StepNotAllowed.
    """
    room, booking, today = enter_room(booking_room_id, property_id)
    if room.status not in (RoomStatus.HELD, RoomStatus.IN_HOUSE):
        raise StepNotAllowed.of_room(room, RoomStatus.IN_HOUSE)
    door = hotel.lock_room(room_id, room.property_id)
    if door.room_type_id != room.inventory_type_id:
        raise RoomOfOtherType(room=door.number, type=door.room_type.code, wanted=room.inventory_type.code)
    if from_date is None:
        from_date = max(room.arrival_date, today) if room.status == RoomStatus.IN_HOUSE else room.arrival_date
    days = [day for day in nights(room.arrival_date, room.departure_date) if day >= from_date]
    _require_in_use(door, days or [room.arrival_date])
    have = _keep_nights(room, door, from_date, use)
    put_nights(room, door, [day for day in days if day not in have], NightUse(use))
    audit.record(
        "reservations.room_assigned", actor=actor, subject=booking, at=now,
        facts={"room": room.position, "door": door.number, "use": str(use), "from": from_date, "nights": len(days)},
    )  # fmt: skip
    return room


def _keep_nights(room: BookingRoom, door: Any, from_date: date, use: str) -> set[date]:
    """The nights the booked room already has behind this door, now for `use`; from `from_date` on other doors are left."""
    rows = RoomNight.objects.filter(booking_room=room)
    known = list(rows.values_list("room_id", "date", "use"))
    if any(room_id != door.pk and day >= from_date for room_id, day, _use in known):
        rows.filter(date__gte=from_date).exclude(room=door).delete()
    if any(room_id == door.pk and used != use for room_id, _day, used in known):
        rows.filter(room=door).exclude(use=use).update(use=use)
    return {day for room_id, day, _use in known if room_id == door.pk}


@operation
def unassign_room(
    *, booking_room_id: int, actor: Actor, now: datetime, property_id: int | None = None
) -> BookingRoom:
    """Take the door away from a room nobody has arrived for. Raises StepNotAllowed."""
    room, booking, _today = enter_room(booking_room_id, property_id)
    if room.status != RoomStatus.HELD:
        raise StepNotAllowed.of_room(room, RoomStatus.HELD)
    given, _by_model = RoomNight.objects.filter(booking_room=room).delete()
    if given:
        audit.record(
            "reservations.room_unassigned", actor=actor, subject=booking, at=now,
            facts={"room": room.position, "nights": given},
        )  # fmt: skip
    return room


def put_nights(room: BookingRoom, door: Any, days: Sequence[date], use: NightUse) -> None:
    """Write the nights of a (locked) door. Raises RoomTaken, decided in the end by the unique row of room and night."""
    _write(
        door,
        [
            RoomNight(property_id=room.property_id, room_id=door.pk, date=day, use=use, booking_room=room)
            for day in days
        ],
    )


def _write(door: Any, rows: Sequence[RoomNight]) -> None:
    if not rows:
        return
    days = [row.date for row in rows]
    try:
        with transaction.atomic():
            RoomNight.objects.bulk_create(rows)
    except IntegrityError as error:
        taken = users_of_room(door.pk, days)
        if not taken:
            raise
        users = "、".join(dict.fromkeys(user for _day, user in taken))
        raise RoomTaken(room=door.number, nights=[day for day, _user in taken], users=users) from error


def _require_in_use(door: Any, days: Sequence[date]) -> None:
    if any(
        day < door.opened_date or (door.retired_date is not None and day >= door.retired_date) for day in days
    ):
        raise RoomNotInUse(room=door.number)


@operation
def close_room(
    *,
    room_id: int,
    kind: str,
    starts: date,
    ends: date,
    reason: str,
    actor: Actor,
    now: datetime,
    property_id: int | None = None,
) -> Closure:
    """Close a door for the nights [starts, ends). OOO 维修房 leaves inventory, OOS 停用房 stays in it.

    Raises NeededByBookings (naming nights and bookings when the type cannot spare the room), RoomTaken (the door itself is
    assigned or closed already), InvalidInput.
    """
    door = _door(room_id, property_id)
    today = hotel.hold_business_date(door.property_id)
    _require_period(kind, starts, ends, reason, today)
    span = Span(door.room_type_id, starts, ends)
    if kind == ClosureKind.OOO:
        lock_nights(door.property_id, [span])
    door = hotel.lock_room(door.pk, door.property_id)
    _require_in_use(door, nights(starts, ends))
    if kind == ClosureKind.OOO:
        _take_out(door, span)
    closure = Closure.objects.create(
        property_id=door.property_id, room=door, kind=kind, starts_date=starts, ends_date=ends,
        reason=reason.strip()[:200], closed_at=now,
    )  # fmt: skip
    _write(
        door,
        [
            RoomNight(
                property_id=door.property_id, room_id=door.pk, date=day, use=NightUse.CLOSURE, closure=closure
            )
            for day in nights(starts, ends)
        ],
    )
    audit.record(
        "reservations.room_closed", actor=actor, subject=closure, at=now, reason=reason.strip(),
        facts={"door": door.number, "kind": kind, "starts": starts, "ends": ends},
    )  # fmt: skip
    return closure


def _door(room_id: int, property_id: int | None) -> Any:
    rows = hotel.Room.objects.filter(pk=room_id)
    door = (rows if property_id is None else rows.filter(property_id=property_id)).first()
    if door is None:
        raise NotFound()
    return door


def _require_period(kind: str, starts: date, ends: date, reason: str, today: date) -> None:
    wrong: dict[str, Any] = {}
    if kind not in ClosureKind.values:
        wrong["kind"] = _("请选择维修房或停用房。")
    if starts < today:
        wrong["starts"] = _("开始日期不能早于营业日 %(date)s。") % {"date": today}
    if ends <= starts:
        wrong["ends"] = _("结束日期必须晚于开始日期。")
    elif (ends - starts).days > 1000:
        wrong["ends"] = _("一次最多封房 1000 晚。")
    if not reason.strip():
        wrong["reason"] = _("请写明封房原因。")
    if wrong:
        raise InvalidInput(fields=wrong)


def _take_out(door: Any, span: Span) -> None:
    """One room of the type fewer on each open night; nights not open yet are counted when they are opened."""
    rows = RoomTypeNight.objects.filter(
        property_id=door.property_id, room_type_id=span.room_type_id, date__gte=span.first, date__lt=span.end
    )
    spare = F("capacity") - F("out_of_order") - F("blocked") + F("overbook_allowance") - F("sold")
    full = list(rows.alias(spare=spare).filter(spare__lt=1).order_by("date").values_list("date", flat=True))
    if full:
        raise NeededByBookings(
            room=door.number,
            room_type=door.room_type.code,
            nights=full,
            bookings=bookings_on(door.property_id, span.room_type_id, full),
        )
    rows.update(out_of_order=F("out_of_order") + 1)


@operation
def release_closure(
    *, closure_id: int, actor: Actor, now: datetime, property_id: int | None = None
) -> Closure:
    """Open a closed door again from the business date on; nights behind it stay closed as they were.
    Raises AlreadyReleased, NotFound.
    """
    known = Closure.objects.filter(pk=closure_id)
    if property_id is not None:
        known = known.filter(property_id=property_id)
    found = known.values_list("property_id", "room__room_type_id", "starts_date", "ends_date", "kind").first()
    if found is None:
        raise NotFound()
    place_id, type_id, starts, ends, kind = found
    today = hotel.hold_business_date(place_id)
    first = max(starts, today)
    if kind == ClosureKind.OOO:
        lock_nights(place_id, [Span(type_id, first, ends)] if first < ends else [])
    closure = lock_row(Closure.objects.filter(pk=closure_id))
    if closure.released_at is not None:
        raise AlreadyReleased()
    freed, _by_model = RoomNight.objects.filter(closure=closure, date__gte=first).delete()
    if kind == ClosureKind.OOO:
        RoomTypeNight.objects.filter(
            property_id=place_id, room_type_id=type_id, date__gte=first, date__lt=ends, out_of_order__gte=1
        ).update(out_of_order=F("out_of_order") - 1)
    closure.released_at = now
    update(closure, "released_at")
    audit.record(
        "reservations.closure_released",
        actor=actor,
        subject=closure,
        at=now,
        facts={"from": first, "nights": freed},
    )
    return closure
