"""Opening nights for sale ahead of time, and keeping their capacity equal to the rooms in use."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Max

from kezhan.audit import api as audit
from kezhan.core.actor import Actor
from kezhan.core.dates import ONE_DAY, each_day
from kezhan.core.operation import operation
from kezhan.hotel import api as hotel
from kezhan.outbox import api as outbox
from kezhan.policy import api as policy
from kezhan.properties import api as properties
from kezhan.reservations import rules
from kezhan.reservations.choices import ClosureKind
from kezhan.reservations.models import BasePrice, Closure, NightPrice, RoomTypeNight
from kezhan.reservations.queries import count_in_use, inventory_differences, rooms_in_use
from kezhan.reservations.refusals import CapacityNeeded
from kezhan.reservations.values import Span

from .nights import lock_nights

BATCH = 1000
log = logging.getLogger(__name__)


@operation
def open_nights(*, place: Any, first: date, end: date, actor: Actor, now: datetime) -> int:
    """Open [first, end) for sale: a row for each type and night, with as many rooms as are in use that night, and a price
    from the base prices. What is open already is not touched. Returns how many (type, night) rows are new.
    """
    hotel.hold_business_date(place.pk)
    opened = _open_types(place, first, end)
    priced = _price_nights(place, first, end)
    if opened or priced:
        audit.record(
            "reservations.nights_opened", actor=actor, subject=place, at=now, property_id=place.pk,
            group_id=place.group_id, facts={"first": first, "end": end, "nights": opened, "prices": priced},
        )  # fmt: skip
    return opened


def _open_types(place: Any, first: date, end: date) -> int:
    rows = RoomTypeNight.objects.of(place).filter(date__gte=first, date__lt=end)
    known = set(rows.values_list("room_type_id", "date"))
    rooms, closed = rooms_in_use(place), _closed_rooms(place, first, end)
    fresh = []
    for room_type in hotel.room_types_of(place):
        for day in each_day(first, end):
            retired = room_type.retired_date is not None and room_type.retired_date <= day
            if retired or (room_type.pk, day) in known:
                continue
            capacity = count_in_use(rooms, room_type.pk, day)
            out = min(closed[room_type.pk, day], capacity)
            fresh.append(
                RoomTypeNight(
                    property_id=place.pk, room_type=room_type, date=day, capacity=capacity, out_of_order=out
                )
            )
    RoomTypeNight.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=BATCH)
    return len(fresh)


def _closed_rooms(place: Any, first: date, end: date) -> Counter[tuple[int, date]]:
    """Rooms out of order by type and night: a closure may reach beyond the nights that were open when it was made."""
    rows = Closure.objects.of(place).filter(
        kind=ClosureKind.OOO, released_at__isnull=True, starts_date__lt=end, ends_date__gt=first
    )
    closed: Counter[tuple[int, date]] = Counter()
    for type_id, starts, ends in rows.values_list("room__room_type_id", "starts_date", "ends_date"):
        closed.update((type_id, day) for day in each_day(max(starts, first), min(ends, end)))
    return closed


def _price_nights(place: Any, first: date, end: date) -> int:
    rows = NightPrice.objects.of(place).filter(date__gte=first, date__lt=end)
    known = set(rows.values_list("rate_plan_id", "room_type_id", "date"))
    fresh = []
    bases = BasePrice.objects.of(place).values_list(
        "rate_plan_id", "room_type_id", "price", "weekend_price", "rate_plan__retired_date"
    )
    for plan_id, type_id, price, weekend_price, retired in bases:
        for day in each_day(first, end if retired is None else min(end, retired)):
            if (plan_id, type_id, day) not in known:
                amount = weekend_price if rules.weekend(day) else price
                fresh.append(
                    NightPrice(
                        property_id=place.pk,
                        rate_plan_id=plan_id,
                        room_type_id=type_id,
                        date=day,
                        price=amount,
                    )
                )
    NightPrice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=BATCH)
    return len(fresh)


@operation
def recount_capacity(
    *, place: Any, first: date, end: date, actor: Actor, now: datetime, room_type: Any | None = None
) -> int:
    """Make the capacity of open nights (of one type or of all) the number of rooms in use. Returns how many nights
    changed. Raises CapacityNeeded naming nights that are sold already.
    """
    hotel.hold_business_date(place.pk)
    types = [room_type] if room_type is not None else list(hotel.room_types_of(place).order_by("pk"))
    lock_nights(place.pk, [Span(kind.pk, first, end) for kind in types])
    rooms = rooms_in_use(place)
    changed = 0
    for kind in types:
        wanted: dict[int, list[date]] = {}
        rows = RoomTypeNight.objects.of(place).filter(room_type=kind, date__gte=first, date__lt=end)
        for day, capacity in rows.values_list("date", "capacity"):
            ought = count_in_use(rooms, kind.pk, day)
            if ought != capacity:
                wanted.setdefault(ought, []).append(day)
        for ought, days in sorted(wanted.items()):
            changed += sum(_set_capacity(place, kind, ought, *run) for run in rules.runs(days))
    if changed:
        audit.record(
            "reservations.capacity_recounted", actor=actor, subject=place, at=now, property_id=place.pk,
            group_id=place.group_id, facts={"first": first, "end": end, "nights": changed},
        )  # fmt: skip
    return changed


def follow_room(room: Any, since: date, actor: Actor, now: datetime) -> None:
    """A room was added or retired: the open nights of its type from that date on count again. Raises CapacityNeeded."""
    rows = RoomTypeNight.objects.of(room.property_id).filter(room_type_id=room.room_type_id, date__gte=since)
    last = rows.aggregate(last=Max("date"))["last"]
    if last is not None:
        recount_capacity(
            place=room.property,
            first=since,
            end=last + ONE_DAY,
            room_type=room.room_type,
            actor=actor,
            now=now,
        )


def _set_capacity(place: Any, kind: Any, ought: int, first: date, end: date) -> int:
    rows = RoomTypeNight.objects.of(place).filter(room_type=kind, date__gte=first, date__lt=end)
    needed = F("sold") + F("blocked") + F("out_of_order") - F("overbook_allowance")
    short = list(
        rows.alias(needed=needed).filter(needed__gt=ought).order_by("date").values_list("date", flat=True)
    )
    if short:
        raise CapacityNeeded(room_type=kind.code, nights="、".join(f"{day:%m-%d}" for day in short[:10]))
    return rows.update(capacity=ought)


def open_nights_ahead(job: outbox.Job) -> None:
    """The daily schedule: every open house, as far ahead as its parameter says."""
    for place in properties.Property.objects.select_related("group"):
        try:
            today = hotel.business_date(place)
        except hotel.NotOpenedYet:
            continue
        if place.closed_date is not None and place.closed_date <= today:
            continue
        days = policy.value("inventory_horizon_days", property=place, on=today)
        end = today + timedelta(days=days)
        open_nights(place=place, first=today, end=end, actor=job.actor, now=job.now)
        _recount_if_possible(place, today, end, job)


def _recount_if_possible(place: Any, first: date, end: date, job: outbox.Job) -> None:
    """A room retired over sold nights stays a difference that `inventory_differences` reports; nothing is forced here."""
    try:
        recount_capacity(place=place, first=first, end=end, actor=job.actor, now=job.now)
    except CapacityNeeded as refusal:
        log.warning("capacity of %s cannot be recounted: %s", place.code, refusal.code)


def compare_inventory(job: outbox.Job) -> None:
    """The nightly comparison: differences are put on the trail and into the log, never repaired in silence."""
    for place in properties.Property.objects.select_related("group"):
        try:
            today = hotel.business_date(place)
        except hotel.NotOpenedYet:
            continue
        days = policy.value("inventory_horizon_days", property=place, on=today)
        found = inventory_differences(place, today, today + timedelta(days=days))
        if found:
            log.error("inventory of %s differs on %s nights", place.code, len(found))
            audit.record(
                "reservations.inventory_differs", actor=job.actor, subject=place, at=job.now, property_id=place.pk,
                group_id=place.group_id,
                facts={"differences": len(found), "first": [found[0].room_type, found[0].date, found[0].counter]},
            )  # fmt: skip
