"""One room of a booking: other dates, another type, its door, not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kezhan.core import htmx
from kezhan.core.door import requires
from kezhan.core.errors import DomainError, NotFound
from kezhan.core.templatetags.kezhan import money
from kezhan.hotel import api as hotel
from kezhan.reservations import operations, queries
from kezhan.reservations.forms import DatesForm, DoorForm, TypeForm
from kezhan.reservations.models import BookingRoom
from kezhan.reservations.values import Booked

from .editor import show_voucher
from .shared import tabs, today_of


def _room(request: HttpRequest, number: str, position: int) -> BookingRoom:
    booking = queries.booking_by_number(request.property, number)  # type: ignore[attr-defined]
    room = queries.rooms_of_booking(booking).filter(position=position).first()
    if room is None:
        raise NotFound()
    return room


def _common(request: HttpRequest, room: BookingRoom) -> dict[str, Any]:
    return {
        "booking_room_id": room.pk,
        "property_id": room.property_id,
        "actor": request.actor,  # type: ignore[attr-defined]
        "now": timezone.now(),
    }


def _back(request: HttpRequest, room: BookingRoom, words: str) -> HttpResponse:
    htmx.toast(request, words)
    return htmx.redirect(request, "reservations:booking", number=room.booking.number)


def _page(
    request: HttpRequest, room: BookingRoom, form: Any, heading: str, act: Callable[[], HttpResponse]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except DomainError as error:
            form.refuse(error)
    context = {
        "form": form,
        "room": room,
        "booking": room.booking,
        "heading": heading,
        "tabs": tabs(request, "bookings"),
    }
    return render(request, "reservations/room_form.html", context, status=422 if form.errors else 200)


@requires("reservations.book")
def dates(request: HttpRequest, number: str, position: int) -> HttpResponse:
    room = _room(request, number, position)
    initial = {"arrival": room.arrival_date, "departure": room.departure_date}
    form = DatesForm(request.POST or None, today=today_of(request), initial=initial)

    def act() -> HttpResponse:
        changed = operations.change_dates(**_common(request, room), **form.cleaned_data)
        words = _("日期已更改，差价 %(amount)s。") % {
            "amount": money(changed.difference, room.booking.currency)
        }
        if not changed.voucher_token:
            return _back(request, room, words)
        htmx.toast(request, words)
        return show_voucher(request, Booked(changed.booking_room.booking, changed.voucher_token))

    return _page(request, room, form, _("更改日期"), act)


@requires("reservations.book")
def room_type(request: HttpRequest, number: str, position: int) -> HttpResponse:
    room = _room(request, number, position)
    today, place = today_of(request), request.property  # type: ignore[attr-defined]
    form = TypeForm(
        request.POST or None, place=place, today=today, initial={"room_type": room.inventory_type.code}
    )

    def act() -> HttpResponse:
        wanted = hotel.room_type_by_code(place, form.cleaned_data["room_type"])
        operations.change_room_type(
            **_common(request, room), room_type_id=wanted.pk, reason=form.cleaned_data["reason"]
        )
        return _back(request, room, _("占用房型已更换，价格不变。"))

    return _page(request, room, form, _("更换占用房型"), act)


@requires("reservations.book")
def door(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Give the room its door, or take it away."""
    room = _room(request, number, position)
    place = request.property  # type: ignore[attr-defined]
    held = room.room_nights.order_by("-date").values_list("room__number", flat=True).first()
    free = queries.free_rooms(place, room.inventory_type_id, room.arrival_date, room.departure_date)
    doors = [(one.number, f"{one.number} · {one.floor}") for one in free]
    if held and held not in dict(doors):
        doors.insert(0, (held, held))
    form = DoorForm(request.POST or None, doors=doors, today=today_of(request), initial={"door": held or ""})

    def act() -> HttpResponse:
        if not form.cleaned_data["door"]:
            operations.unassign_room(**_common(request, room))
            return _back(request, room, _("已取消排房。"))
        chosen = hotel.room_by_number(place, form.cleaned_data["door"])
        operations.assign_room(**_common(request, room), room_id=chosen.pk)
        return _back(request, room, _("已排 %(door)s 房。") % {"door": chosen.number})

    return _page(request, room, form, _("排房"), act)


@require_POST
@requires("reservations.cancel")
def no_show(request: HttpRequest, number: str, position: int) -> HttpResponse:
    room = _room(request, number, position)
    operations.mark_no_show(**_common(request, room))
    return _back(request, room, _("已记为未到，房间已放回可售。"))
