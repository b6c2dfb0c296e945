"""Check-in and walk-in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kezhan.core import htmx
from kezhan.core.dates import ONE_DAY
from kezhan.core.door import requires, resolver
from kezhan.core.errors import DomainError, NotAllowed
from kezhan.core.rights import RIGHTS
from kezhan.hotel import api as hotel
from kezhan.reservations import api as reservations

from .. import operations, queries
from ..forms import CheckInForm, GuestForms, WalkInForm, initial_people, people_of

# Behind the door a request also carries `property` and `actor`.
Request = Any


@require_http_methods(["GET", "HEAD", "POST"])
@requires("frontdesk.check_in")
def check_in(request: Request, number: str, position: int) -> HttpResponse:
    place = request.property
    booked = queries.booked_room_of(place, number, position)
    day = hotel.business_date(place)
    rooms = queries.rooms_to_offer(booked, day)
    proposal = queries.proposed_deposit(booked, day)
    if request.method != "POST":
        form = CheckInForm(rooms=rooms, initial={"deposit": proposal})
        people = GuestForms(prefix="p", initial=initial_people(booked))
        return _page(request, booked, form, people, rooms, proposal)
    form = CheckInForm(request.POST, rooms=rooms)
    people = GuestForms(request.POST, prefix="p", initial=None)
    if form.is_valid() & people.is_valid():
        try:
            stay = _check_in(request, booked, form, people)
        except DomainError as error:
            form.refuse(error)
        else:
            htmx.toast(
                request,
                _("%(guest)s 已入住 %(room)s 房")
                % {"guest": people[0].cleaned_data["name"], "room": stay.room.number},
            )
            return htmx.redirect(request, "frontdesk:stay", number=stay.number)
    return _page(request, booked, form, people, rooms, proposal, status=422)


def _check_in(request: Request, booked: Any, form: CheckInForm, people: Any) -> Any:
    _may_waive(request, form)
    room = hotel.room_by_number(request.property, form.cleaned_data["room"])
    return operations.check_in(
        booking_room_id=booked.pk, room_id=room.pk, guests=people_of(people, booked.booking.guest),
        deposit=form.taken(), deposit_waiver_reason=form.cleaned_data["waiver"], actor=request.actor,
        now=timezone.now(),
    )  # fmt: skip


def _may_waive(request: Request, form: Any) -> None:
    """Taking no deposit is a right of its own."""
    right = "frontdesk.waive_deposit"
    if form.cleaned_data["waiver"] and not resolver().holds(request, right, request.property):
        raise NotAllowed(right=RIGHTS.get(right).label)


def _page(
    request: Request, booked: Any, form: Any, people: Any, rooms: Any, proposal: Any, status: int = 200
) -> HttpResponse:
    context = {
        "booked": booked,
        "booking": booked.booking,
        "nights": list(booked.nights.order_by("date")),
        "form": form,
        "people": people,
        "rooms": rooms,
        "proposal": proposal,
        "may_waive": resolver().holds(request, "frontdesk.waive_deposit", request.property),
        "other_type": booked.room_type_id != booked.inventory_type_id,
    }
    return render(request, "frontdesk/check_in.html", context, status=status)


@require_POST
@requires("frontdesk.check_in")
def no_show(request: Request, number: str, position: int) -> HttpResponse:
    """A person decides before night audit does."""
    booked = queries.booked_room_of(request.property, number, position)
    reservations.mark_no_show(booking_room_id=booked.pk, actor=request.actor, now=timezone.now())
    htmx.toast(request, _("预订 %(number)s 已记为未到") % {"number": number})
    return htmx.redirect(request, "frontdesk:today")


# ---------------------------------------------------------------- walk-in


@require_http_methods(["GET", "HEAD", "POST"])
@requires("frontdesk.check_in")
def walk_in(request: Request) -> HttpResponse:
    place = request.property
    day = hotel.business_date(place)
    rooms = queries.ready_rooms(place, day)
    given = {
        "rooms": rooms, "plans": queries.plans_for_desk(place, day), "codes": queries.codes_for_desk(place, day), "today": day,
    }  # fmt: skip
    if request.method != "POST":
        start = {"departure": day + ONE_DAY, "deposit": queries.usual_deposit(place, day)}
        form = WalkInForm(initial=start, **given)
        people = GuestForms(prefix="p", initial=[{}])
        return render(request, "frontdesk/walk_in.html", _walk_in_context(place, day, form, people, rooms))
    form = WalkInForm(request.POST, **given)
    people = GuestForms(request.POST, prefix="p")
    if form.is_valid() & people.is_valid():
        try:
            stay = _walk_in(request, form, people, day)
        except DomainError as error:
            form.refuse(error)
        else:
            htmx.toast(
                request,
                _("%(guest)s 已入住 %(room)s 房")
                % {"guest": people[0].cleaned_data["name"], "room": stay.room.number},
            )
            return htmx.redirect(request, "frontdesk:stay", number=stay.number)
    return render(
        request, "frontdesk/walk_in.html", _walk_in_context(place, day, form, people, rooms), status=422
    )


def _walk_in_context(place: Any, day: Any, form: Any, people: Any, rooms: Any) -> dict[str, Any]:
    offers = reservations.availability(place, day, day + ONE_DAY)
    return {"form": form, "people": people, "rooms": rooms, "day": day, "offers": offers}


def _walk_in(request: Request, form: WalkInForm, people: Any, day: Any) -> Any:
    _may_waive(request, form)
    data = form.cleaned_data
    room = hotel.room_by_number(request.property, data["room"])
    guests = people_of(people)
    asked = reservations.BookingRequest(
        arrival=day, departure=data["departure"], market=data["market"], source=data["source"], channel=data["channel"],
        guest_name=guests[0].name, guest_phone=guests[0].phone,
        rooms=(
            reservations.RoomRequest(
                room_type=room.room_type.code, rate_plan=data["rate_plan"], adults=data["adults"], children=data["children"]
            ),
        ),
    )  # fmt: skip
    return operations.walk_in(
        place=request.property, request=asked, room_id=room.pk, guests=guests, deposit=form.taken(),
        deposit_waiver_reason=data["waiver"], actor=request.actor, now=timezone.now(),
    )  # fmt: skip
