"""Screens of the whole house: the rack, the tape chart, and the side sheets they open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kezhan.core import htmx
from kezhan.core.door import requires, resolver
from kezhan.hotel import api as hotel
from kezhan.housekeeping import api as housekeeping
from kezhan.reservations import api as reservations

from .. import queries
from ..choices import StayStatus
from ..forms import day_of
from ..models import Stay
from ..screens import chart as charts
from ..screens import rack as racks
from .stays import link, stay_context

# Behind the door a request also carries `property` and `actor`.
Request = Any


def _base(request: Request) -> str:
    return htmx.address(request, "frontdesk:today")


@require_safe
@requires("frontdesk.read")
def rack(request: Request) -> HttpResponse:
    place = request.property
    show = request.GET.get("show", "")
    found = racks.tiles(place, hotel.business_date(place))
    counts = racks.counts(found)
    context = {
        "chips": [
            (key, key if key.isupper() else "", racks.filter_word(key), counts[key]) for key in racks.FILTERS
        ],
        "total": len(found),
        "show": show if show in racks.FILTERS else "",
        "floors": racks.html(found, f"{_base(request)}rooms/", show if show in racks.FILTERS else ""),
    }
    if htmx.is_htmx(request):
        return htmx.render_fragment(request, "frontdesk/rack.html#floors", context)
    return render(request, "frontdesk/rack.html", context)


@require_safe
@requires("frontdesk.read")
def chart(request: Request) -> HttpResponse:
    place = request.property
    today = hotel.business_date(place)
    start = day_of(request.GET.get("from", ""), today)
    drawn = charts.chart(place, start, today, _base(request))
    context = {
        "chart": drawn,
        "start": start,
        "end": start + timedelta(days=charts.DAYS),
        "earlier": start - timedelta(days=7),
        "later": start + timedelta(days=7),
        "today": today,
    }
    return render(request, "frontdesk/chart.html", context)


# ---------------------------------------------------------------- side sheets


@require_safe
@requires("frontdesk.read")
def room(request: Request, number: str) -> HttpResponse:
    """One room: who is in it, who comes, what is being done, what may be done now."""
    place = request.property
    found = hotel.room_by_number(place, number)
    day = hotel.business_date(place)
    code = hotel.status_code(found.occupancy, found.cleanliness)
    stay = (
        Stay.objects.of(place)
        .filter(room=found, status=StayStatus.IN_HOUSE)
        .select_related("property", "room__room_type", "folio", "booking_room__booking__guest")
        .first()
    )
    context = {
        "found": found,
        "code": code,
        "word": hotel.STATUS_WORDS[code],
        "task": housekeeping.open_task(found.pk),
        "closure": reservations.Closure.objects.filter(room=found, room_nights__date=day).first(),
        "coming": _coming(found, day),
        "housekeeping_url": link(request, "housekeeping:room", number=number),
        "may_check_in": resolver().holds(request, "frontdesk.check_in", place),
        "ready": housekeeping.room_is_ready(found, day),
    }
    if stay is not None:
        context |= stay_context(request, stay)
    return _sheet(request, "room", context)


def _coming(found: hotel.Room, day: object) -> list[reservations.BookingRoom]:
    """The next guests promised this door."""
    rows = reservations.BookingRoom.objects.filter(
        room_nights__room=found, status="HELD", room_nights__date__gte=day
    )
    return list(rows.select_related("booking__guest").distinct().order_by("arrival_date")[:3])


@require_safe
@requires("frontdesk.read")
def booked(request: Request, number: str, position: int) -> HttpResponse:
    """One bar of the chart."""
    place = request.property
    found = queries.booked_room_of(place, number, position)
    stay = (
        Stay.objects.of(place)
        .filter(booking_room=found)
        .exclude(status=StayStatus.UNDONE)
        .select_related("property", "room__room_type", "folio", "booking_room__booking__guest")
        .first()
    )
    if stay is not None:
        context = stay_context(request, stay)
    else:
        context = {
            "booked": found,
            "booking": found.booking,
            "nights": list(found.nights.order_by("date")),
            "booking_url": link(request, "reservations:booking", number=number),
        }
    context |= {
        "may_check_in": resolver().holds(request, "frontdesk.check_in", place),
        "arrives": found.arrival_date <= hotel.business_date(place),
        "own_room": queries.own_room(found),
    }
    return _sheet(request, "booked", context)


@require_safe
@requires("frontdesk.read")
def unassigned(request: Request, code: str, day: str) -> HttpResponse:
    """Everybody of a type who sleeps here that night and has no room yet."""
    place = request.property
    room_type = hotel.room_type_by_code(place, code)
    night = day_of(day, hotel.business_date(place))
    rows = queries.without_room(place, room_type.pk, night)
    context = {"room_type": room_type, "night": night, "rows": rows, "links": [
        (row, link(request, "reservations:booking", number=row.booking.number)) for row in rows
    ]}  # fmt: skip
    return _sheet(request, "unassigned", context)


def _sheet(request: Request, name: str, context: dict[str, object]) -> HttpResponse:
    """A fragment for the side sheet; opened by its address, a page of its own."""
    template = f"frontdesk/_{name}.html"
    if htmx.is_htmx(request):
        return htmx.render_fragment(request, template, context)
    return render(request, "frontdesk/sheet.html", {**context, "part": template})
