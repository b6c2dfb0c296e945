"""The booking editor: one page of stay, guest and money; availability and prices follow what is typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from kezhan.core import htmx, qr
from kezhan.core.door import requires
from kezhan.core.errors import DomainError, InvalidInput
from kezhan.core.money import ZERO
from kezhan.guests import api as guests
from kezhan.reservations import documents, operations, queries
from kezhan.reservations.forms import BookingForm
from kezhan.reservations.operations.pricing import price_rooms
from kezhan.reservations.operations.vouchers import terms_content
from kezhan.reservations.values import Booked

from .shared import may, tabs, today_of

OVERRIDE = "reservations.override_price"


@requires("reservations.book")
def new(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            return _keep(request, form)
        except DomainError as error:
            form.refuse(error)
    status = 422 if form.is_bound and form.errors or any(line.errors for line in form.lines) else 200
    context = {
        "form": form,
        "chosen": _guest(request, form["guest"].value() or ""),
        "tabs": tabs(request, "bookings"),
        "may_override": may(request, OVERRIDE),
        "quote": _quote(request, form) if form.is_bound and form.is_valid() else None,
    }
    return render(request, "reservations/editor.html", context, status=status)


def _form(request: HttpRequest, data: Any = None) -> BookingForm:
    today = today_of(request)
    if data is None:
        data = request.POST if request.method == "POST" else None
    asked = {name: request.GET[name] for name in ("arrival", "departure") if name in request.GET}
    initial = {"arrival": today, "departure": today.fromordinal(today.toordinal() + 1)} | asked
    return BookingForm(
        data,
        place=request.property,  # type: ignore[attr-defined]
        today=today,
        may_override=may(request, OVERRIDE),
        initial=initial,
    )


def _keep(request: HttpRequest, form: BookingForm) -> HttpResponse:
    """保存 keeps an enquiry, 确认并发送凭证 walks the whole way."""
    common: dict[str, Any] = {
        "place": request.property,  # type: ignore[attr-defined]
        "request": form.request(_guest(request, form.cleaned_data["guest"])),
        "actor": request.actor,  # type: ignore[attr-defined]
        "now": timezone.now(),
        "price_override": may(request, OVERRIDE),
    }
    if request.POST.get("act") == "confirm":
        return show_voucher(request, operations.book(**common))
    booking = operations.open_enquiry(**common)
    htmx.toast(request, _("已保存，预订号 %(number)s。") % {"number": booking.number})
    return htmx.redirect(request, "reservations:booking", number=booking.number)


def show_voucher(request: HttpRequest, booked: Booked) -> HttpResponse:
    """The guest's link, shown this once: only its digest is kept."""
    link = request.build_absolute_uri(f"/v/{booked.voucher_token}/")
    context = {
        "booking": booked.booking,
        "link": link,
        "token": booked.voucher_token,
        "code": qr.svg(link, booked.booking.number),
        "tabs": tabs(request, "bookings"),
    }
    return render(request, "reservations/voucher_given.html", context)


def _guest(request: HttpRequest, number: str) -> Any:
    return guests.guest_by_number(request.group, number) if number else None  # type: ignore[attr-defined]


@requires("reservations.book")
def quote(request: HttpRequest) -> HttpResponse:
    """Prices, what is free, and the terms for what stands in the form now."""
    form = _form(request, request.GET)
    return render(request, "reservations/editor.html#quote", {"quote": _quote(request, form)})


def _quote(request: HttpRequest, form: BookingForm) -> dict[str, Any]:
    form.is_valid()
    given = form.cleaned_data
    if not (given.get("arrival") and given.get("departure")) or given["departure"] < given["arrival"]:
        return {"problems": [_("先填到店和离店日期。")]}
    place, now = request.property, timezone.now()  # type: ignore[attr-defined]
    today = today_of(request)
    found: dict[str, Any] = {"problems": [], "rooms": [], "total": ZERO, "currency": place.currency}
    found["free"] = _free(place, given["arrival"], given["departure"])
    found["terms"] = documents.terms_words(
        terms_content(place, given["arrival"], given.get("arrival_time"), today, now), place
    )
    try:
        asked = form.request()
        found["rooms"] = price_rooms(
            place=place, request=asked, today=today, history=False, override=may(request, OVERRIDE), public_only=False
        )  # fmt: skip
    except InvalidInput as error:
        found["problems"] = sorted({str(text) for text in error.fields.values()})
    except DomainError as error:
        found["problems"] = [str(error)]
    found["total"] = sum((room.total for room in found["rooms"]), ZERO)
    found["short"] = _short(found)
    return found


def _free(place: Any, arrival: Any, departure: Any) -> list[dict[str, Any]]:
    if departure <= arrival:
        return []
    left = queries.free_by_type(place.pk, arrival, departure)
    kinds = queries.hotel.room_types_of(place, arrival)
    return [{"type": kind, "left": left.get(kind.pk, 0), "open": kind.pk in left} for kind in kinds]


def _short(found: dict[str, Any]) -> list[str]:
    """Types of which more rooms are asked for than are left."""
    asked: dict[str, int] = {}
    for room in found["rooms"]:
        if not room.asked.day_use:
            asked[room.room_type.code] = asked.get(room.room_type.code, 0) + 1
    left = {line["type"].code: line["left"] for line in found["free"]}
    return [code for code, count in asked.items() if count > left.get(code, 0)]


@requires("reservations.book")
def find_guests(request: HttpRequest) -> HttpResponse:
    """Profiles for what is typed: name, initials, telephone or its end, member number."""
    words = request.GET.get("guest_search", "").strip()
    today = today_of(request)
    found = guests.search(request.group, words, limit=8) if words else []  # type: ignore[attr-defined]
    rows = [
        {"guest": guest, "phone": guests.masked_phone(guest), "member": guests.membership(guest, today)}
        for guest in found
    ]
    return render(request, "reservations/editor.html#guests", {"rows": rows, "words": words})
